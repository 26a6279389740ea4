package db

import (
	"context"
	"database/sql"
	"sync"
)

// SQLite parses a statement each time it is given one, which costs more than most
// statements do: half of a short read. So a text that comes a second time is kept
// prepared. PostgreSQL's driver does so by itself.

const (
	preparedMax = 400  // statements kept; later ones are parsed each time
	onceMax     = 2000 // texts remembered that came once
	preparedLen = 8000 // bytes of a text that is kept
)

type preparer interface {
	PrepareContext(context.Context, string) (*sql.Stmt, error)
}

// prepared keeps the statements of one connection, or of a pool.
type prepared struct {
	on   preparer
	mu   sync.Mutex
	kept map[string]*sql.Stmt
	once map[string]bool
}

// get returns the statement of a text, nil when it is not kept.
func (p *prepared) get(ctx context.Context, text string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.kept[text]; s != nil {
		return s
	}
	if len(text) > preparedLen || len(p.kept) >= preparedMax {
		return nil
	}
	if !p.once[text] {
		if p.once == nil || len(p.once) >= onceMax {
			p.once = map[string]bool{}
		}
		p.once[text] = true
		return nil
	}
	s, err := p.on.PrepareContext(context.WithoutCancel(ctx), text)
	if err != nil {
		return nil // running it tells why
	}
	if p.kept == nil {
		p.kept = map[string]*sql.Stmt{}
	}
	delete(p.once, text)
	p.kept[text] = s
	return s
}

// pool is a pool of reading connections with its statements. A statement that is
// being read from keeps its connection, so that the same text meanwhile runs on
// another.
type pool struct {
	*sql.DB
	prepared *prepared
}

func (p pool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := p.prepared.get(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return p.DB.QueryContext(ctx, query, args...)
}
