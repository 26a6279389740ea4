package learn

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/learn/quiz"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/dbtest"
	"lotrinh/platform/event"
	"lotrinh/platform/i18n"
	"lotrinh/platform/job"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// TestMain lets the test program be the learners of BenchExam (ExamOptions.Load).
func TestMain(m *testing.M) {
	if os.Getenv("LOTRINH_LOAD_EXAM") != "" {
		if err := LoadExam(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// signIn gives people accounts and opens sessions as access keeps them; it returns
// their cookies.
func signIn(t testing.TB, ctx context.Context, d *db.DB, who *access.Access, unit org.UnitID, people []org.PersonID) []string {
	t.Helper()
	sessions, cookies := make([]access.Session, len(people)), make([]string, len(people))
	now := time.Now()
	err := d.Tx(access.System(ctx), func(ctx context.Context) error {
		for i, p := range people {
			token := "token-" + string(p)
			sum := sha256.Sum256([]byte(token))
			acc, err := who.OpenAccount(ctx, access.NewAccount{Name: "hv" + strconv.Itoa(i), Person: p, Title: "Nguyễn Văn " + strconv.Itoa(i), Unit: unit})
			if err != nil {
				return err
			}
			sessions[i] = access.Session{ID: string(p), TokenHash: hex.EncodeToString(sum[:]), Account: acc, Means: "demo",
				MadeAt: now, SeenAt: now, ExpiresAt: now.Add(24 * time.Hour)}
			cookies[i] = "lotrinh=" + token
		}
		if _, err := d.Exec(ctx, `update access_account set state = 'active'`); err != nil {
			return err
		}
		return db.Insert(ctx, d, "access_session", sessions...)
	})
	ok(t, err)
	return cookies
}

func people(n int) []org.PersonID {
	all := make([]org.PersonID, n)
	for i := range all {
		all[i] = org.PersonID(fmt.Sprintf("p%05d", i))
	}
	return all
}

// site is the house's chain of handlers over routes.
func site(d *db.DB, who *access.Access, routes ...func(*web.Mux)) http.Handler {
	m := &web.Mux{SignedIn: access.SignedIn, ErrorPage: ui.ErrorPage, Once: web.NewOnce(d)}
	for _, r := range routes {
		r(m)
	}
	chrome := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := ui.Chrome{Unit: "UBND tỉnh Quảng Nam", Path: r.URL.RequestURI(), SignIn: "/access/sign-in", SignOut: "/access/sign-out", Bell: "/inbox"}
		if a, ok := access.Who(r.Context()); ok {
			c.User, c.Role = a.Name, "Học viên"
		}
		m.ServeHTTP(w, r.WithContext(ui.With(r.Context(), c)))
	})
	return gzhttp.GzipHandler(http.NewCrossOriginProtection().Handler(ui.Read(who.Middleware(chrome))))
}

// bankOf is the written question bank of a topic without what is marked by hand.
func bankOf(unit org.UnitID, topic string) []quiz.NewQuestion {
	var out []quiz.NewQuestion
	for _, q := range content.Questions(topic) {
		out = append(out, fromContent(unit, topic, q))
	}
	return out
}

// TestExamLoad is the synchronised start of a test, off unless LOTRINH_EXAM says
// how many learners: LOTRINH_EXAM=3600 go test ./learn -run ExamLoad -v
func TestExamLoad(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("LOTRINH_EXAM"))
	if n == 0 {
		n = 40
	}
	think := 50 * time.Millisecond
	if s := os.Getenv("LOTRINH_EXAM_THINK"); s != "" {
		think, _ = time.ParseDuration(s)
	}
	within := 500 * time.Millisecond
	if n >= 1000 {
		within = 10 * time.Second
	}
	access.Register(quiz.Actions...)
	dbtest.Each(t, testSchemas(), func(t *testing.T, ctx context.Context, d *db.DB) {
		jobs := job.New(d)
		bus := event.New(jobs)
		orgs := org.New(d, bus)
		who := access.New(d, orgs, bus, jobs)
		q := quiz.New(d, bus, nil)
		tid := exam(t, ctx, q)
		cookies := signIn(t, ctx, d, who, "unit", people(n))
		o := ExamOptions{Cookies: cookies, Test: string(tid), Within: within, Think: think, Handler: site(d, who, q.Routes),
			Engine: d.Engine(), Size: func() int64 { return size(ctx, d) },
			Load: func(ctx context.Context) *exec.Cmd {
				cmd := exec.CommandContext(ctx, os.Args[0])
				cmd.Env = append(os.Environ(), "LOTRINH_LOAD_EXAM=1")
				cmd.Stderr = os.Stderr
				return cmd
			}}
		if err := BenchExam(ctx, o, t.Output()); err != nil {
			t.Fatal(err)
		}
		graded, err := db.One[int](ctx, d, `select count(*) from learn_quiz_attempt where state = 'graded' and points > 0`)
		if err != nil || graded != n {
			t.Fatalf("%d attempts are graded (%v), want %d", graded, err, n)
		}
	})
}

// exam publishes a test of 20 questions drawn from the written bank.
func exam(t testing.TB, ctx context.Context, q *quiz.Quiz) quiz.TestID {
	t.Helper()
	ctx = access.System(clock.At(ctx, time.Now()))
	topic := content.Topics()[0].Key
	if _, err := q.AddQuestions(ctx, bankOf("unit", topic)); err != nil {
		t.Fatal(err)
	}
	tid, err := q.CreateTest(ctx, quiz.NewTest{Unit: "unit", Title: "Bài kiểm tra chuyên đề Căn bản chuyển đổi số", Minutes: 30, Attempts: 1,
		GraceS: 60, PassPercent: 50, MixQuestion: true, MixOptions: true, Picks: []quiz.Pick{{Topic: topic, NoHand: true, Count: 20}}})
	if err == nil {
		err = q.Publish(ctx, tid)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tid
}

func size(ctx context.Context, d *db.DB) int64 {
	q := `select page_count * page_size from pragma_page_count(), pragma_page_size()`
	if d.Postgres() {
		q = `select pg_database_size(current_database())`
	}
	n, err := db.One[int64](ctx, d, q)
	if err != nil {
		return 0
	}
	return n
}

func postgresAtHand() bool { return os.Getenv("TEST_POSTGRES") != "" }

func homePage(h *house, w http.ResponseWriter, r *http.Request) error {
	card, err := pages{h.learn}.nextCard(r.Context())
	if err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("learn.mine"), Body: card})
}
