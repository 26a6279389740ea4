package learn

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// examReport is what the learners saw.
type examReport struct {
	Requests int                        `json:"requests"`
	Errors   int                        `json:"errors"`
	First    string                     `json:"first"`
	Steps    map[string][]time.Duration `json:"steps"` // count, p50, p95, p99, longest
}

func (r examReport) print(out io.Writer) {
	fmt.Fprintf(out, "%-10s %8s %10s %10s %10s %10s\n", "step", "answers", "p50", "p95", "p99", "longest")
	for _, step := range []string{"open", "page", "answer", "submit", "result", "all"} {
		if d := r.Steps[step]; len(d) == 5 {
			fmt.Fprintf(out, "%-10s %8d %10v %10v %10v %10v\n", step, int64(d[0]), short(d[1]), short(d[2]), short(d[3]), short(d[4]))
		}
	}
	fmt.Fprintf(out, "%-10s %d of %d\n", "errors", r.Errors, r.Requests)
}

func short(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// LoadExam reads a plan of BenchExam, lets its learners take the test, and writes
// what they saw. Each has a connection of his own, as browsers do.
func LoadExam(ctx context.Context, in io.Reader, out io.Writer) error {
	var p examPlan
	if err := json.NewDecoder(in).Decode(&p); err != nil {
		return err
	}
	l := &load{plan: p, seen: map[string][]time.Duration{}}
	var wg sync.WaitGroup
	for i, cookie := range p.Cookies {
		wg.Go(func() {
			select {
			case <-ctx.Done():
				return
			case <-time.After(p.Within * time.Duration(i) / time.Duration(len(p.Cookies))):
			}
			if err := l.learner(ctx, i, cookie); err != nil {
				l.fail(err)
			}
		})
	}
	wg.Wait()
	return json.NewEncoder(out).Encode(l.report())
}

type load struct {
	plan   examPlan
	mu     sync.Mutex
	seen   map[string][]time.Duration
	errors int
	first  string
}

func (l *load) note(step string, d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[step] = append(l.seen[step], d)
}

func (l *load) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.errors++; l.first == "" {
		l.first = err.Error()
	}
}

func (l *load) report() examReport {
	r := examReport{Errors: l.errors, First: l.first, Steps: map[string][]time.Duration{}}
	var all []time.Duration
	for step, d := range l.seen {
		r.Requests += len(d)
		all = append(all, d...)
		r.Steps[step] = quantiles(d)
	}
	r.Steps["all"] = quantiles(all)
	return r
}

func quantiles(d []time.Duration) []time.Duration {
	if len(d) == 0 {
		return nil
	}
	slices.Sort(d)
	at := func(q float64) time.Duration { return d[min(len(d)-1, int(q*float64(len(d))))] }
	return []time.Duration{time.Duration(len(d)), at(0.50), at(0.95), at(0.99), d[len(d)-1]}
}

// client is one learner's connection.
type client struct {
	conn   net.Conn
	read   *bufio.Reader
	host   string
	cookie string
	load   *load
}

func (l *load) learner(ctx context.Context, i int, cookie string) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", l.plan.Addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	c := &client{conn, bufio.NewReaderSize(conn, 8<<10), l.plan.Addr, cookie, l}
	to, err := c.ask("open", "POST", "/learn/tests/"+l.plan.Test+"/attempts", "", 303)
	if err != nil {
		return err
	}
	if _, err := c.ask("page", "GET", to, "", 200); err != nil {
		return err
	}
	if err := c.answers(ctx, i, to); err != nil {
		return err
	}
	if to, err = c.ask("submit", "POST", to, filled(i, 1, l.plan.Questions), 303); err != nil {
		return err
	}
	_, err = c.ask("result", "GET", to, "", 200)
	return err
}

func (c *client) answers(ctx context.Context, i int, to string) error {
	for no := range c.load.plan.Questions {
		pause := time.Duration((0.5 + rand.Float64()) * float64(c.load.plan.Think)) //nolint:gosec // a pause
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		if _, err := c.ask("answer", "POST", to+"/answers", filled(i, no+1, no+1), 204); err != nil {
			return err
		}
	}
	return nil
}

// filled is the form of some questions, filled in for whatever kind they are.
func filled(i, from, to int) string {
	var b strings.Builder
	for no := from; no <= to; no++ {
		n := strconv.Itoa(no)
		b.WriteString("&n=" + n + "&q" + n + "=" + strconv.Itoa((i+no)%2) + "&q" + n + ".0=0&q" + n + ".1=1")
	}
	return b.String()[1:]
}

// ask sends one request and returns where its answer leads.
func (c *client) ask(step, method, path, body string, want int) (string, error) {
	start := time.Now()
	_, err := fmt.Fprintf(c.conn, "%s %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept-Encoding: gzip\r\n%sContent-Length: %d\r\n\r\n%s",
		method, path, c.host, c.cookie, typeOf(step, body), len(body), body)
	if err != nil {
		return "", err
	}
	res, err := http.ReadResponse(c.read, nil)
	if err != nil {
		return "", fmt.Errorf("%s: %w", step, err)
	}
	_, err = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	c.load.note(step, time.Since(start))
	if err == nil && res.StatusCode != want {
		err = fmt.Errorf("%s %s: %s", method, path, res.Status)
	}
	return res.Header.Get("Location"), err
}

func typeOf(step, body string) string {
	if body == "" {
		return ""
	}
	kind := "Content-Type: application/x-www-form-urlencoded\r\n"
	if step == "answer" {
		kind += "HX-Request: true\r\n"
	}
	return kind
}
