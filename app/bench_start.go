package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// BenchReady fills an empty house with the demo and says how big it is.
func (h *House) BenchReady(ctx context.Context, out io.Writer) error {
	b, ctx, err := h.measuring(ctx, out)
	if err != nil {
		return err
	}
	b.foot(ctx)
	return nil
}

// BenchStart measures how long a server takes from its start as a process until
// /readyz answers, and what memory it has when it has stood idle.
func BenchStart(ctx context.Context, times int, idle time.Duration, serve Loader, out io.Writer) error {
	for i := range times {
		start := time.Now()
		cmd := serve(ctx)
		said, err := cmd.StdoutPipe()
		if err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return err
		}
		err = started(cmd, said, start, i == times-1, idle, out)
		cmd.Process.Signal(syscall.SIGTERM)
		if e := cmd.Wait(); err == nil && e != nil && ctx.Err() == nil {
			err = fmt.Errorf("the server ended badly: %w", e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// started waits for a server that was started, and reads its memory.
func started(cmd *exec.Cmd, said io.Reader, start time.Time, last bool, idle time.Duration, out io.Writer) error {
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		return fmt.Errorf("the server did not start: %w", err)
	}
	base := line[strings.Index(line, "http://"):]
	if err := answers(strings.TrimSpace(base) + "/readyz"); err != nil {
		return err
	}
	fmt.Fprintf(out, "%-12s %.0f ms until /readyz answers\n", "start", ms(time.Since(start)))
	if !last {
		return nil
	}
	time.Sleep(idle)
	rss, peak, err := resident(cmd.Process.Pid)
	if err == nil {
		fmt.Fprintf(out, "%-12s %d MB resident after %v, %d MB at most\n", "idle", rss, idle, peak)
	}
	return err
}

func answers(url string) error {
	res, err := http.Get(url) //nolint:gosec // of the server that was just started
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, res.Status)
	}
	return nil
}

// resident reads what memory a process has and had at most, in MB, where the system
// tells.
func resident(pid int) (now, peak int, err error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fmt.Sscanf(lines.Text(), "VmRSS: %d kB", &now)
		fmt.Sscanf(lines.Text(), "VmHWM: %d kB", &peak)
	}
	return now / 1024, peak / 1024, nil
}
