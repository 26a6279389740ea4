package learn

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"syscall"
	"time"
)

// ExamOptions says how the synchronised start of a test is measured.
type ExamOptions struct {
	Cookies   []string      // "name=token" of a session for each learner
	Test      string        // identifier of a published test that all of them may take
	Questions int           // that each is asked; 20 when zero
	Within    time.Duration // all open the test within this time; 10 s when zero
	Think     time.Duration // between two answers of a learner; 1 s when zero

	Handler http.Handler // answers over loopback in this process, where URL is empty
	URL     string       // of a server that runs already: "http://127.0.0.1:8080"

	// Load starts the learners in a process of their own, so that the server's work
	// is measured alone: a command that runs LoadExam on its standard input and
	// output. Without it they share this process, and its CPU is theirs too.
	Load func(context.Context) *exec.Cmd

	Engine string       // of the database, for the report
	Size   func() int64 // bytes of the database, for the report; may be nil
}

// examPlan is what the generator of load is told.
type examPlan struct {
	Addr      string        `json:"addr"`
	Cookies   []string      `json:"cookies"`
	Test      string        `json:"test"`
	Questions int           `json:"questions"`
	Within    time.Duration `json:"within"`
	Think     time.Duration `json:"think"`
}

// BenchExam lets many learners take one test at the same time over real HTTP and
// writes what it took: time of answers by step, errors, the server's CPU for a
// whole attempt, the size of the data. It fails when a learner saw an error.
func BenchExam(ctx context.Context, o ExamOptions, out io.Writer) error {
	addr, stop, err := o.serve()
	if err != nil {
		return err
	}
	defer stop()
	plan := examPlan{addr, o.Cookies, o.Test, o.Questions, o.Within, o.Think}
	plan.defaults()
	before, size, start := cpuTime(), o.size(), time.Now()
	rep, err := o.run(ctx, plan)
	if err != nil {
		return err
	}
	took, cpu := time.Since(start), cpuTime()-before
	fmt.Fprintf(out, "test start: %d learners within %v, %d questions, autosave of each, %v between answers; %s\n",
		len(o.Cookies), plan.Within, plan.Questions, plan.Think, o.Engine)
	rep.print(out)
	fmt.Fprintf(out, "%-10s %v\n", "took", took.Round(10*time.Millisecond))
	if o.URL == "" {
		whose := "server alone"
		if o.Load == nil {
			whose = "server and learners together"
		}
		fmt.Fprintf(out, "%-10s %.2f ms a whole attempt (%s), %.0f %% of one core on average, %d MB resident at most\n", "CPU",
			float64(cpu.Microseconds())/1000/float64(max(1, len(o.Cookies))), whose, 100*cpu.Seconds()/took.Seconds(), peakMB())
	}
	if o.Size != nil {
		fmt.Fprintf(out, "%-10s %.1f MB before, %.1f MB after (%.0f bytes an attempt)\n", "data",
			float64(size)/1e6, float64(o.size())/1e6, float64(o.size()-size)/float64(max(1, len(o.Cookies))))
	}
	if rep.Errors > 0 {
		return fmt.Errorf("%d of %d answers were errors, the first: %s", rep.Errors, rep.Requests, rep.First)
	}
	return nil
}

func (o ExamOptions) size() int64 {
	if o.Size == nil {
		return 0
	}
	return o.Size()
}

func (p *examPlan) defaults() {
	if p.Questions == 0 {
		p.Questions = 20
	}
	if p.Within == 0 {
		p.Within = 10 * time.Second
	}
	if p.Think == 0 {
		p.Think = time.Second
	}
}

// serve starts the handler on a port of loopback, or names the server that runs.
func (o ExamOptions) serve() (addr string, stop func(), err error) {
	if o.URL != "" {
		return o.URL[len("http://"):], func() {}, nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := &http.Server{Handler: o.Handler, ReadHeaderTimeout: 10 * time.Second}
	go srv.Serve(l) // ends with Close
	return l.Addr().String(), func() { srv.Close() }, nil
}

func (o ExamOptions) run(ctx context.Context, plan examPlan) (examReport, error) {
	body, err := json.Marshal(plan)
	if err != nil {
		return examReport{}, err
	}
	var answer bytes.Buffer
	if o.Load == nil {
		err = LoadExam(ctx, bytes.NewReader(body), &answer)
	} else {
		cmd := o.Load(ctx)
		cmd.Stdin, cmd.Stdout = bytes.NewReader(body), &answer
		err = cmd.Run()
	}
	var rep examReport
	if err == nil {
		err = json.Unmarshal(answer.Bytes(), &rep)
	}
	return rep, err
}

// cpuTime is what this process has used of the processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func peakMB() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Maxrss / 1024
}
