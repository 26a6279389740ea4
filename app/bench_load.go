package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Loader starts the generator of load in a process of its own, so that the server's
// work is measured alone: a command that runs Load on its standard input and output.
type Loader func(context.Context) *exec.Cmd

// loadPlan is what the generator of load is told.
type loadPlan struct {
	Addr    string `json:"addr"`
	Asks    []ask  `json:"asks"`
	N       int    `json:"n"`
	Workers int    `json:"workers"`
}

// ask is a page as someone asks for it.
type ask struct {
	Path   string `json:"path"`
	Cookie string `json:"cookie"`
}

// loadReport is what the generator of load found.
type loadReport struct {
	Took   time.Duration `json:"took"`
	P50    time.Duration `json:"p50"`
	P99    time.Duration `json:"p99"`
	Bytes  int64         `json:"bytes"` // of an answer, on average, as it travels
	Errors int           `json:"errors"`
	First  string        `json:"first"` // error
}

// Load asks for pages as the plan on r says, over kept connections, and writes what it
// found to w.
func Load(ctx context.Context, r io.Reader, w io.Writer) error {
	var plan loadPlan
	if err := json.NewDecoder(r).Decode(&plan); err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: plan.Workers, DisableCompression: true}, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	times, size := make([]time.Duration, plan.N), atomic.Int64{}
	var rep loadReport
	var mu sync.Mutex
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range plan.Workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < plan.N; i = int(next.Add(1)) - 1 {
				at := time.Now()
				n, err := askOnce(ctx, client, plan.Addr, plan.Asks[i%len(plan.Asks)])
				times[i] = time.Since(at)
				size.Add(n)
				if err != nil {
					mu.Lock()
					if rep.Errors++; rep.First == "" {
						rep.First = err.Error()
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	slices.Sort(times)
	rep.Took, rep.P50, rep.P99, rep.Bytes = time.Since(start), times[plan.N/2], times[plan.N*99/100], size.Load()/int64(plan.N)
	return json.NewEncoder(w).Encode(rep)
}

func askOnce(ctx context.Context, client *http.Client, addr string, a ask) (int64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+a.Path, nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Cookie", a.Cookie)
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", a.Path, res.Status)
	}
	return n, err
}

// run lets the generator work on this house.
func (l Loader) run(ctx context.Context, p loadPlan) (rep loadReport, err error) {
	body, err := json.Marshal(p)
	if err != nil {
		return rep, err
	}
	var answer bytes.Buffer
	cmd := l(ctx)
	cmd.Stdin, cmd.Stdout = bytes.NewReader(body), &answer
	if err := cmd.Run(); err != nil {
		return rep, err
	}
	return rep, json.Unmarshal(answer.Bytes(), &rep)
}

// open serves the house on a port of loopback.
func (h *House) open() (addr string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := &http.Server{Handler: h.Site(), ReadHeaderTimeout: 10 * time.Second}
	go srv.Serve(l) // ends with Close
	return l.Addr().String(), srv.Close, nil
}

// cpuTime is what this process has used of the processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMB is the most memory that this process has had resident.
func peakMB() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Maxrss / 1024
}
