// Package pdf writes the papers that a Vietnamese office prints, hands out and
// files: administrative documents in the form of Decree 30/2020/NĐ-CP,
// certificates of completion, one-time sign-in slips, roll-call sheets and
// plain tables.
//
// Each paper is a struct of plain data that is written to an io.Writer. The
// package knows no database, no HTTP and no clock: dates come in as fields, and
// the same struct always gives the same bytes. Only the glyphs that a paper uses
// are embedded in it. Lengths inside the package are PostScript points
// (1/72 inch) measured from the upper left corner of the page; exported fields
// that are lengths are millimetres and say so.
//
// Text may be anything: it is brought to NFC, and a character that the typeface
// lacks is printed as □ or ¤, so that a person sees that something was
// there. Text that is too long for its place is first set smaller, then wrapped,
// and never cut.
//
// Functions of the package may be called from several goroutines at once.
package pdf
