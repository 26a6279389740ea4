package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"lotrinh/platform/db"
	"lotrinh/platform/job"
	"lotrinh/platform/web"
)

const (
	stopPatience = 20 * time.Second // for requests under way when the house closes
	maxHeader    = 64 << 10
)

// Serve answers requests and does jobs until ctx ends; then it lets requests and
// jobs under way come to their end. ready is called with the address once it
// answers.
func (h *House) Serve(ctx context.Context, ready func(addr string)) error {
	l, err := net.Listen("tcp", h.Config.Addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: choose another with --addr HOST:PORT: %w", h.Config.Addr, err)
	}
	h.Jobs.Schedule(job.Schedule{Name: "web.sweep", Every: time.Hour, Run: web.NewOnce(h.DB).Sweep})
	srv := &http.Server{
		Handler:           h.Site(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    maxHeader,
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
	var wg sync.WaitGroup
	wg.Go(func() { h.Jobs.Run(ctx, max(1, h.Config.Workers)) })
	wg.Go(func() { h.results.Warm(ctx) })
	failed := make(chan error, 1)
	go func() { failed <- h.listen(srv, l) }()
	ready(l.Addr().String())
	select {
	case err = <-failed:
	case <-ctx.Done():
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
		defer cancel()
		err = srv.Shutdown(stop)
	}
	if ctx.Err() != nil {
		wg.Wait()
		if _, e := h.Access.Seal(db.Guard(context.WithoutCancel(ctx))); e != nil {
			slog.Error("the audit log is not sealed to its end; the next start does it", "err", e)
		}
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (h *House) listen(srv *http.Server, l net.Listener) error {
	if len(h.Config.Domains) == 0 {
		return srv.Serve(l)
	}
	m := &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		HostPolicy: autocert.HostWhitelist(h.Config.Domains...),
		Cache:      autocert.DirCache(filepath.Join(h.Config.Data, "acme")),
	}
	if h.Config.ACME != "" {
		m.Client = &acme.Client{DirectoryURL: h.Config.ACME}
	}
	srv.TLSConfig = m.TLSConfig()
	return srv.ServeTLS(l, "", "")
}
