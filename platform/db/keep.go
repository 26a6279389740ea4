package db

import "context"

// Keep notes value under key for as long as the transaction of ctx lasts: what a
// cache must show within the transaction and to nobody else. Outside a
// transaction it does nothing. A part that Try undid takes its notes with it.
func Keep(ctx context.Context, key, value any) {
	t, ok := ctx.Value(txKey{}).(*tx)
	if !ok {
		return
	}
	if t.kept == nil {
		t.kept = map[any]any{}
	}
	t.kept[key] = value
}

// Kept returns what Keep noted under key in the transaction of ctx, or nil.
func Kept(ctx context.Context, key any) any {
	if t, ok := ctx.Value(txKey{}).(*tx); ok {
		return t.kept[key]
	}
	return nil
}
