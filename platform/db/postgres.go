package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"runtime"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// openPostgres opens the pool of connections to a server.
func openPostgres(ctx context.Context, url string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	p := sql.OpenDB(dialler{stdlib.GetConnector(*config)})
	p.SetMaxOpenConns(max(8, 4*runtime.NumCPU()))
	p.SetMaxIdleConns(max(8, 4*runtime.NumCPU()))
	return p, p.PingContext(ctx)
}

// dialler makes connections that say when they are dead.
type dialler struct{ driver.Connector }

// Connect implements driver.Connector.
func (d dialler) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := d.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return connection{c.(*stdlib.Conn)}, nil
}

// connection is pgx's, which closes itself when the context of what runs on it ends,
// and does not tell. The pool would hand it on to whoever waits, be refused, and
// after three such give up: someone who did nothing wrong would fail for neighbours
// who went away. As a driver.Validator it is thrown away when it comes back.
type connection struct{ *stdlib.Conn }

// IsValid implements driver.Validator.
func (c connection) IsValid() bool { return !c.Conn.Conn().IsClosed() }
