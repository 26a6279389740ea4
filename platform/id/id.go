// Package id makes identifiers: UUIDs of version 7 (RFC 9562), which sort by the
// time they were made.
package id

import (
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"

	"lotrinh/platform/clock"
)

type sourceKey struct{}

// Seeded returns a context in which New draws from seed and from the clock of
// the context, so that the same work makes the same identifiers.
func Seeded(ctx context.Context, seed uint64) context.Context {
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	return context.WithValue(ctx, sourceKey{}, &source{r: rand.NewChaCha8(key)})
}

type source struct {
	mu  sync.Mutex
	r   io.Reader
	seq uint16
}

// New returns a fresh identifier, 36 characters long.
func New(ctx context.Context) string {
	if s, ok := ctx.Value(sourceKey{}).(*source); ok {
		return s.next(clock.Now(ctx).UnixMilli())
	}
	return uuid.Must(uuid.NewV7()).String()
}

func (s *source) next(milli int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	var u uuid.UUID
	io.ReadFull(s.r, u[8:]) // ChaCha8 never fails
	binary.BigEndian.PutUint64(u[:8], uint64(milli)<<16|uint64(s.seq&0x0fff))
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}
