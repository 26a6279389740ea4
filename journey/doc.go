// Package journey walks through the whole house as people do: in a real browser,
// on a phone and at a desk, in both languages, with and without script, with the
// network cut. It holds tests alone.
//
// The tests that need a browser skip where none is found; tools/install brings
// one. LOTRINH_BROWSER names another than chromium on the PATH.
package journey
