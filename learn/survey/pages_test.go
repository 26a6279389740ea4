package survey

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/id"
	"lotrinh/platform/sheet"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// visit answers a request at nine o'clock of a day, as the house or, with open,
// as a stranger.
func (h *house) visit(method, path, form string, d clock.Date, open bool) *httptest.ResponseRecorder {
	mux := &web.Mux{SignedIn: access.SignedIn, ErrorPage: ui.ErrorPage, Once: web.NewOnce(h.d)}
	h.s.Module().Routes(mux)
	ctx := clock.At(context.Background(), d.Time().Add(9*time.Hour))
	if !open {
		ctx = access.System(ctx)
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form)).WithContext(ctx)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w
}

func TestPages(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		run := h.run(t, ctx, "ks-giang-vien", ByCategory)
		empty := h.run(t, ctx, "ks-chuong-trinh", Whole)
		must(t, h.s.SeedDemo(ctx, 1, Demo{run, 18}))
		edit := "/survey-forms/" + string(h.top) + "/ks-giang-vien"
		late := day + 60
		for _, c := range []struct {
			method, path, form string
			on                 clock.Date
			status             int
			want               string
		}{
			{"GET", "/surveys", "", day, 200, "Tỷ lệ trả lời theo đối tượng đánh giá"},
			{"GET", "/surveys?object=course", "", day, 200, "Chưa có đợt khảo sát nào"},
			{"GET", "/surveys?state=open&programme=p1", "", day, 200, "(18/20)"},
			{"GET", "/surveys/mine", "", day, 200, "Không có phiếu khảo sát nào chờ bạn"},
			{"GET", "/surveys/" + string(run), "", day, 200, "Kết quả hiện sau khi đóng"},
			{"GET", "/surveys/" + string(run), "", late, 200, "Theo nhóm đối tượng"},
			{"GET", "/surveys/" + string(empty), "", late, 200, "Có ít hơn 5 phiếu"},
			{"GET", "/surveys/" + string(run) + "/file", "", day, 409, "Kết quả chỉ tải được"},
			{"GET", "/surveys/" + string(run) + "/file", "", late, 200, "PK"},
			{"GET", "/surveys/nothing", "", day, 404, ""},
			{"GET", "/survey-programmes/p1", "", late, 200, "Theo khóa bồi dưỡng"},
			{"GET", "/survey-programmes/p2", "", late, 404, ""},
			{"POST", "/surveys/" + string(run) + "/closes", "edition=0&closes=01/01/2022", day, 422, "Chọn một ngày sau ngày 15/06/2022"},
			{"POST", "/surveys/" + string(run) + "/closes", "edition=0&closes=20/06/2022", day, 303, ""},
			{"GET", "/survey-forms", "", day, 200, "Phiếu khảo sát hiệu quả sau bồi dưỡng"},
			{"GET", edit, "", day, 200, "Giảng viên nắm vững nội dung chuyên đề."},
			{"GET", "/survey-forms/" + string(h.top) + "/nothing", "", day, 404, ""},
			{"POST", edit, "title=T%C3%AAn+m%E1%BB%9Bi&items=&after_days=x&open_days=0&based=ks-giang-vien@1&edition=0", day, 422, "Tên mới"},
			{"POST", edit, "title=T&items=M%E1%BB%99t&after_days=0&open_days=9&based=ks-giang-vien@7&edition=0", day, 409, "Người khác vừa sửa"},
			{"POST", edit, "title=T&items=M%E1%BB%99t&after_days=0&open_days=9&based=ks-giang-vien@1&edition=0", day, 303, ""},
			{"GET", "/s/thanks", "", day, 200, "Cảm ơn bạn"},
		} {
			w := h.visit(c.method, c.path, c.form, c.on, false)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%s %s: %d, want %d %q in\n%.3000s", c.method, c.path, w.Code, c.status, c.want, w.Body)
			}
		}
	})
}

// Who has a token answers without an account and without script; what was ticked
// and typed survives an error; the second time says thanks again.
func TestAnswerPage(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		run := h.run(t, ctx, "ks-giang-vien", Whole)
		path := "/s/" + h.s.token(invite{run, h.people[2], content.AskTrainee})
		const all = "q1=5&q2=4&q3=3&q4=2&q5=1&q6=5&q7=4"
		for _, c := range []struct {
			method, path, form string
			status             int
			want               []string
		}{
			{"GET", path, "", 200, []string{"Phiếu không ghi tên người trả lời", `name="q7" value="5"`, "Rất không đồng ý", "<textarea"}},
			{"POST", path, "q1=4&q3=9&remark=N%C3%AAn+th%C3%AAm+th%E1%BB%B1c+h%C3%A0nh", 422, []string{`name="q1" value="4" checked`, "Nên thêm thực hành", "Câu 3: chưa chọn mức nào", `href="#f-q2"`, `id="f-q2"`}},
			{"POST", path, all + "&remark=Tốt", 303, nil},
			{"POST", path, all, 303, nil},
			{"GET", path, "", 200, []string{"đã được ghi nhận"}},
			{"GET", "/s/unknown", "", 404, []string{"Không có phiếu khảo sát nào"}},
			{"POST", "/s/unknown", all, 404, nil},
			{"GET", "/surveys", "", 401, nil},
			{"GET", "/surveys/" + string(run) + "/answer", "", 401, nil},
		} {
			w := h.visit(c.method, c.path, c.form, day, true)
			for _, want := range c.want {
				if !strings.Contains(w.Body.String(), want) {
					t.Errorf("%s %s: no %q in\n%.3000s", c.method, c.path, want, w.Body)
				}
			}
			if w.Code != c.status || w.Code == 303 && w.Header().Get("Location") != "/s/thanks" {
				t.Errorf("%s %s: %d %s, want %d", c.method, c.path, w.Code, w.Header(), c.status)
			}
		}
		if r, err := h.s.Run(ctx, run); err != nil || r.Answered != 1 {
			t.Errorf("%d answers (%v)", r.Answered, err)
		}
		if w := h.visit("GET", path, "", day+60, true); w.Code != 409 || !strings.Contains(w.Body.String(), "đã đóng") {
			t.Errorf("after the last day: %d", w.Code)
		}
	})
}

var moving = regexp.MustCompile(`value="[0-9a-f-]{36}"|/assets/[a-z0-9.-]+`)

// The pages are as they were read last (UPDATE=1 writes them anew), in both
// languages, and every key has its sentence.
func TestGoldenPages(t *testing.T) {
	steps := shipped(content.Surveys()[2])
	tally := newTally(len(steps.Items))
	for i := range 12 {
		tally.add([]string{"5544332", "4444444", "1535545"}[i%3])
	}
	r := Run{ID: "run-1", Object: content.ObjectLecturer, Course: "Căn bản chuyển đổi số, lớp 1", SliceBy: ByCategory, Opens: day, Closes: day + 14, Invited: 20, Answered: 12, Sealed: true, Headless: 2}
	out := Results{Run: r, Form: Form{Version: 1}, Body: steps, Closed: true, Shown: true, Total: tally,
		Slices: []Slice{{string(org.Cadre), tally}, {"", tally}}, Remarks: []string{"Một", "Hai", "Ba", "Bốn", "Năm"}}
	name := func(l string) string { return map[string]string{"": "Các nhóm còn lại", "cadre": "Cán bộ"}[l] }
	opened := r
	opened.Sealed = false
	pages := map[string]web.Component{
		"answer":    answerPage("/s/token", Asked{Run: opened, Body: steps}, Reply{Scores: make([]int, 7)}, nil),
		"results":   resultsPage(out, name, false, "", nil),
		"open":      resultsPage(Results{Run: opened, Form: Form{Version: 1}, Body: steps}, name, true, "", nil),
		"programme": programmePage([]ObjectResults{{Form: Form{Object: content.ObjectLecturer, Version: 1}, Body: steps, Lines: []Line{{r, tally}}, Pooled: tally, Pool: 3, Left: 1, Total: tally, Invited: 20, Answered: 12}, {Form: Form{Object: content.ObjectCourse}, Body: steps, Left: 2, Total: newTally(7)}}),
		"overview":  overviewPage(Filter{Programme: "p 1"}, []Run{r, opened}, []Rate{{content.ObjectLecturer, 2, 24, 40}}, []Programme{{"p 1", "Chương trình"}}, ui.Pages{At: 1, Size: 50, Total: 2, Path: "/surveys"}, day),
		"waiting":   waitingPart([]Waiting{{"run-1", steps, "Lớp 1", day + 14}}),
	}
	for _, lang := range i18n.Langs {
		for page, body := range pages {
			ctx := i18n.With(id.Seeded(clock.At(context.Background(), day.Time()), 1), lang)
			var b bytes.Buffer
			must(t, body.Render(ctx, &b))
			if i := strings.Index(b.String(), "learn_survey."); i >= 0 {
				t.Errorf("%s in %s: a sentence is missing: %.80s", page, lang, b.String()[i:])
			}
			golden(t, page+"."+string(lang)+".html", moving.ReplaceAll(b.Bytes(), []byte("…")))
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	got = bytes.ReplaceAll(got, []byte("><"), []byte(">\n<"))
	if os.Getenv("UPDATE") != "" {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s differs (%v); run with UPDATE=1 and read the difference", path, err)
	}
}

// The workbook holds sums and remarks, and no line for an answer.
func TestWorkbook(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		run := h.run(t, ctx, "ks-giang-vien", ByCategory)
		for i := range 20 {
			must(t, h.say(ctx, run, i, 1+i%5, "=1+1"))
		}
		w := h.visit("GET", "/surveys/"+string(run)+"/file", "", day+60, false)
		b := w.Body.Bytes()
		tab, err := sheet.Open(bytes.NewReader(b), int64(len(b)), "x.xlsx", sheet.Limits{})
		must(t, err)
		if len(tab.Others) != 3 {
			t.Errorf("sheets beside the first: %q", tab.Others)
		}
		_, err = tab.Header(sheet.Column{Key: "item", Aliases: []string{"Nội dung"}, Required: true}, sheet.Column{Key: "n", Aliases: []string{"Số phiếu"}, Required: true},
			sheet.Column{Key: "mean", Aliases: []string{"Điểm trung bình"}, Required: true})
		must(t, err)
		rows := 0
		for row, err := range tab.Rows() {
			must(t, err)
			rows++
			if row.Int("n") != 20 || row.Decimal("mean", 2) != 300 {
				t.Errorf("row %d: %d answers, mean %d (%v)", row.Number, row.Int("n"), row.Decimal("mean", 2), row.Errors())
			}
		}
		if rows != 7 {
			t.Errorf("%d items", rows)
		}
	})
}
