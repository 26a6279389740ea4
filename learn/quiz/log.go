package quiz

import (
	"strconv"
	"strings"
	"time"
)

// A log holds every answer that was saved in an attempt, one a line: number of
// the question, tab, seconds since the attempt was opened, tab, answer. The last
// line of a question stands. Appending a line is the one write of a saved answer,
// and the row's own lock keeps it from slipping past the end of the attempt.

var escape = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`)
var unescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t")

// logLine is the line of an answer.
func logLine(no int, since time.Duration, answer string) string {
	if strings.ContainsAny(answer, "\\\n\t") {
		answer = escape.Replace(answer)
	}
	return strconv.Itoa(no) + "\t" + strconv.Itoa(int(max(0, since/time.Second))) + "\t" + answer + "\n"
}

// logLast reads the answers that stand; n is how many questions were asked.
func logLast(log string, n int) []string {
	last := make([]string, n)
	for line := range strings.Lines(log) {
		no, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		_, answer, ok := strings.Cut(rest, "\t")
		i, err := strconv.Atoi(no)
		if err != nil || !ok || i < 1 || i > n {
			continue
		}
		if strings.IndexByte(answer, '\\') >= 0 {
			answer = unescape.Replace(answer)
		}
		last[i-1] = answer
	}
	return last
}

// logSqueeze rewrites a log with only the answers that stand.
func logSqueeze(log string, n int) string {
	lines := make([]string, n)
	for line := range strings.Lines(log) {
		no, _, _ := strings.Cut(line, "\t")
		if i, err := strconv.Atoi(no); err == nil && i >= 1 && i <= n {
			lines[i-1] = line
		}
	}
	return strings.Join(lines, "")
}

// logMax is the size from which a log is squeezed before more is added, in bytes.
const logMax = 16 << 10

func marksText(marks []int64) string {
	var b []byte
	for i, m := range marks {
		if i > 0 {
			b = append(b, ',')
		}
		if m == unmarked {
			b = append(b, none...)
		} else {
			b = strconv.AppendInt(b, m, 10)
		}
	}
	return string(b)
}

func marksOf(s string) []int64 {
	ints := splitInts(s)
	out := make([]int64, len(ints))
	for i, n := range ints {
		out[i] = int64(n)
	}
	return out
}
