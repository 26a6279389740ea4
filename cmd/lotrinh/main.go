// Command lotrinh is the whole platform: `lotrinh demo` opens a working province,
// `lotrinh serve`, or `lotrinh` alone, runs one, `lotrinh --help` tells the rest.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"lotrinh/app"
	"lotrinh/platform/errs"
	"lotrinh/platform/i18n"
)

// Exit codes, as scripts see them.
const (
	exitOK      = 0
	exitFailed  = 1 // it was tried and did not work
	exitMisused = 2 // the command line was wrong
	exitUnsound = 3 // doctor found something
)

// global is what every command takes.
type global struct {
	Data     string `help:"Folder of the embedded database and of uploaded files." default:"data" env:"LOTRINH_DATA" type:"path"`
	Database string `help:"PostgreSQL, postgres://user:password@host/name. Without it the embedded SQLite in --data is used." env:"DATABASE_URL"`
	Files    string `help:"Store of uploaded files: a folder, or s3://key:secret@host/bucket. Default: files in --data." env:"LOTRINH_FILES"`
	KeyFile  string `help:"File of the secret key, the same on all nodes. Default: secret.key in --data, drawn when there is none." env:"LOTRINH_KEY_FILE"`
	SMTP     string `help:"Mail server, smtp://user:password@host:587?from=address. Without it letters stay in the inbox." env:"LOTRINH_SMTP"`
	LogLevel string `help:"What to log: debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"LOTRINH_LOG"`
}

func (g global) config() app.Config {
	return app.Config{Addr: "127.0.0.1:8080", Data: g.Data, Database: g.Database, Files: g.Files, KeyFile: g.KeyFile, SMTP: g.SMTP, Workers: 4}
}

type cli struct {
	global
	Serve      serveCmd      `cmd:"" default:"withargs" help:"Answer requests and do background work until stopped. The default: lotrinh alone is lotrinh serve."`
	Demo       demoCmd       `cmd:"" help:"Open a working demo province on embedded defaults."`
	Migrate    migrateCmd    `cmd:"" help:"Bring the tables up to date and stop."`
	Import     importCmd     `cmd:"" help:"Bring in lists."`
	Export     exportCmd     `cmd:"" help:"Give out units, people, results, certificates or everything, for use elsewhere."`
	User       userCmd       `cmd:"" help:"Open accounts and give one-time codes."`
	Bench      benchCmd      `cmd:"" help:"Measure, and print figure, data size and engine."`
	Doctor     doctorCmd     `cmd:"" help:"Check database, tables, audit log, files, jobs and clock; exit with 3 when something is wrong."`
	Verify     verifyCmd     `cmd:"" name:"verify-export" help:"Check a file of export audit, without a house; exit with 3 when it was changed."`
	Completion completionCmd `cmd:"" help:"Write a script that completes commands in the shell."`
	Backup     backupCmd     `cmd:"" help:"Write the whole house into one file, while it goes on working."`
	Restore    restoreCmd    `cmd:"" help:"Make the house of a backup in an empty database, on either engine."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run does what args say and returns the exit code.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	var c cli
	done := -1
	p, err := kong.New(&c, kong.Name("lotrinh"),
		kong.Description("Lộ Trình: a province plans, carries out and proves its digital-transformation training. Without a command it serves."),
		kong.Writers(out, errOut), kong.UsageOnError(), kong.Exit(func(code int) { done = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(out, (*io.Writer)(nil)))
	if err != nil {
		fmt.Fprintln(errOut, err)
		return exitMisused
	}
	k, err := p.Parse(args)
	if done >= 0 { // help was shown
		return done
	}
	if err != nil {
		fmt.Fprintln(errOut, "lotrinh:", err)
		return exitMisused
	}
	var level slog.Level
	level.UnmarshalText([]byte(c.LogLevel))
	slog.SetDefault(slog.New(slog.NewTextHandler(errOut, &slog.HandlerOptions{Level: level})))
	err = k.Run(c.global)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errUnsound):
		return exitUnsound
	}
	fmt.Fprintln(errOut, "lotrinh:", inWords(err))
	return exitFailed
}

// inWords is an error as the operator reads it: a refusal as its sentence, with
// what is wrong with each field; any other error as it is.
func inWords(err error) string {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind == errs.Fault {
		return err.Error()
	}
	s := e.Text.As(i18n.En)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		s += "\n  " + name + ": " + e.Fields[name].As(i18n.En)
	}
	return s
}

var errUnsound = errors.New("something is not as it should be")
