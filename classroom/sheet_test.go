package classroom_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lotrinh/classroom"
	"lotrinh/platform/errs"
	"lotrinh/platform/module"
)

// A sheet is printed, signed and typed in by its code.
func TestPaperSheetAndItsCode(t *testing.T) {
	each(t, func(t *testing.T, l *land) {
		l.Set(classroom.Options{Base: "https://lotrinh.example.vn"})
		k, staff := taught(t, l)
		sessions, err := l.Sessions(l.ctx, k)
		must(t, err)
		last := sessions[2].ID
		manager := l.as(module.ClassManager, l.province, "")
		sheet, _, err := l.Sheet(manager, last)
		must(t, err)
		if len(sheet.Trainees) != 5 || sheet.URL != "https://lotrinh.example.vn/classroom/sessions/"+string(last)+"/roll?paper=1" {
			t.Errorf("%d trainees, %s", len(sheet.Trainees), sheet.URL)
		}
		found, err := l.SessionOfPaper(manager, " "+strings.ToLower(sheet.Code))
		must(t, err)
		if found != last {
			t.Errorf("the code %s leads to %s", sheet.Code, found)
		}
		if _, err := l.SessionOfPaper(l.as(module.ClassManager, l.district[0], ""), sheet.Code); !errors.Is(err, errs.Invalid) {
			t.Errorf("a neighbour finds the session by its code: %v", err)
		}
		if _, _, err := l.Sheet(l.as(module.Learner, "", staff[0]), last); err == nil {
			t.Error("a trainee prints the roster")
		}
		var paper bytes.Buffer
		must(t, sheet.Write(&paper))
		said := pdfText(t, paper.Bytes())
		for _, want := range []string{sheet.Code, "Phường Tân Thạnh", "Căn bản chuyển đổi số, lớp 1", sheet.Trainees[0].Name} {
			if !strings.Contains(said, want) {
				t.Errorf("the sheet lacks %q", want)
			}
		}
	})
}

// pdfText is what poppler reads in a PDF; without poppler the test is skipped.
func pdfText(t *testing.T, body []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed: apt-get install poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	must(t, os.WriteFile(file, body, 0o600))
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	must(t, err)
	return string(out)
}
