package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"time"

	"lotrinh/app"
	"lotrinh/learn"
)

type benchCmd struct {
	Certificates benchCertificatesCmd `cmd:"" help:"Issue certificates and print them with QR codes into a ZIP."`
	Exam         benchExamCmd         `cmd:"" help:"Thousands open one test within ten seconds, answer with autosave, hand in."`
	Import       benchImportCmd       `cmd:"" help:"Bring in a roll of people from XLSX."`
	Pages        benchPagesCmd        `cmd:"" help:"CPU of a request: learner's home, course of 50 lessons, results of the province."`
	Report       benchReportCmd       `cmd:"" help:"Results of a province of 45,200 learners in six topics, from the engine and from memory."`
	Start        benchStartCmd        `cmd:"" help:"Start on an existing database, and memory when idle."`
	ExamLoad     benchExamLoadCmd     `cmd:"" hidden:"" help:"The learners of bench exam, started by it."`
	PageLoad     benchPageLoadCmd     `cmd:"" hidden:"" help:"The readers of bench pages, started by it."`
}

// benched is which house is measured.
type benched struct {
	Keep bool `help:"Use the house in --data, rather than one that is thrown away. With --database that database is used, which must be empty or hold the demo."`
}

// in opens the house to measure in, for as long as fn runs.
func (b benched) in(ctx context.Context, g global, fn func(app.Config) error) error {
	c := g.config()
	if !b.Keep && c.Database == "" {
		dir, err := os.MkdirTemp("", "lotrinh-bench-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		c.Data = dir
	}
	return fn(c)
}

func (b benched) open(ctx context.Context, g global, fn func(*app.House) error) error {
	return b.in(ctx, g, func(c app.Config) error { return open(ctx, c, fn) })
}

// self starts this program with other arguments.
func self(args ...string) (app.Loader, error) {
	name, err := os.Executable()
	return func(ctx context.Context) *exec.Cmd {
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Stderr = os.Stderr
		return cmd
	}, err
}

type benchExamCmd struct {
	benched
	Learners int           `help:"How many take the test." default:"3600"`
	Think    time.Duration `help:"Between two answers of one learner." default:"3s"`
}

// Run measures the synchronised start of a test.
func (b benchExamCmd) Run(ctx context.Context, out io.Writer, g global) error {
	load, err := self("bench", "exam-load")
	if err != nil {
		return err
	}
	return b.open(ctx, g, func(h *app.House) error { return h.BenchExam(ctx, b.Learners, b.Think, load, out) })
}

type benchPagesCmd struct {
	benched
	Requests int `help:"How often each page is asked for." default:"5000"`
}

// Run measures pages.
func (b benchPagesCmd) Run(ctx context.Context, out io.Writer, g global) error {
	load, err := self("bench", "page-load")
	if err != nil {
		return err
	}
	return b.open(ctx, g, func(h *app.House) error { return h.BenchPages(ctx, b.Requests, load, out) })
}

type benchPageLoadCmd struct{}

// Run is the readers.
func (benchPageLoadCmd) Run(ctx context.Context, out io.Writer) error {
	return app.Load(ctx, os.Stdin, out)
}

type benchImportCmd struct {
	benched
	People int `help:"Rows of the roll." default:"10000"`
}

// Run measures the import of people.
func (b benchImportCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return b.open(ctx, g, func(h *app.House) error { return h.BenchImport(ctx, b.People, out) })
}

type benchCertificatesCmd struct {
	benched
	Certificates int `help:"How many." default:"10000"`
}

// Run measures certificates.
func (b benchCertificatesCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return b.open(ctx, g, func(h *app.House) error { return h.BenchCertificates(ctx, b.Certificates, out) })
}

type benchReportCmd struct {
	benched
	Learners int `help:"Learners of the province." default:"45200"`
}

// Run measures results.
func (b benchReportCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return b.open(ctx, g, func(h *app.House) error { return h.BenchReport(ctx, b.Learners, out) })
}

type benchStartCmd struct {
	benched
	Times int           `help:"How often." default:"5"`
	Idle  time.Duration `help:"How long it stands idle before its memory is read." default:"10s"`
}

// Run measures starts of lotrinh serve on a house of the demo.
func (b benchStartCmd) Run(ctx context.Context, out io.Writer, g global) error {
	return b.in(ctx, g, func(c app.Config) error {
		if err := open(ctx, c, func(h *app.House) error { return h.BenchReady(ctx, out) }); err != nil {
			return err
		}
		addr := "127.0.0.1:0"
		serve, err := self("serve", "--addr", addr, "--data", c.Data, "--database", c.Database, "--log-level", "error")
		if err != nil {
			return err
		}
		return app.BenchStart(ctx, b.Times, b.Idle, serve, out)
	})
}

type benchExamLoadCmd struct{}

// Run is the learners.
func (benchExamLoadCmd) Run(ctx context.Context, out io.Writer) error {
	return learn.LoadExam(ctx, os.Stdin, out)
}
