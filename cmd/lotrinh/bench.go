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
	Exam     benchExamCmd     `cmd:"" help:"Thousands open one test within ten seconds, answer with autosave, hand in."`
	ExamLoad benchExamLoadCmd `cmd:"" hidden:"" help:"The learners of bench exam, started by it."`
}

type benchExamCmd struct {
	Learners int           `help:"How many take the test." default:"3600"`
	Think    time.Duration `help:"Between two answers of one learner." default:"3s"`
	Keep     bool          `help:"Use the house in --data or --database, which is filled with the demo, rather than one that is thrown away."`
}

// Run measures in a house of its own, which it throws away; with DATABASE_URL in
// that database, which must be empty or hold the demo.
func (b benchExamCmd) Run(ctx context.Context, out io.Writer, g global) error {
	c := g.config()
	if !b.Keep && c.Database == "" {
		dir, err := os.MkdirTemp("", "lotrinh-bench-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		c.Data = dir
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	load := func(ctx context.Context) *exec.Cmd {
		cmd := exec.CommandContext(ctx, self, "bench", "exam-load")
		cmd.Stderr = os.Stderr
		return cmd
	}
	return open(ctx, c, func(h *app.House) error { return h.BenchExam(ctx, b.Learners, b.Think, load, out) })
}

type benchExamLoadCmd struct{}

// Run is the learners.
func (benchExamLoadCmd) Run(ctx context.Context, out io.Writer) error {
	return learn.LoadExam(ctx, os.Stdin, out)
}
