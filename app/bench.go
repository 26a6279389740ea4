package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"lotrinh/access"
	"lotrinh/learn"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/web"
)

// BenchExam measures the synchronised start of a test in a house of the demo: so
// many learners open one test within ten seconds, answer its questions with
// autosave, hand in and look at their result. think is between two answers of one
// learner; load starts the learners as another process, so that the server's
// work is measured alone.
func (h *House) BenchExam(ctx context.Context, learners int, think time.Duration, load func(context.Context) *exec.Cmd, out io.Writer) error {
	if err := h.SeedDemo(ctx, io.Discard); err != nil {
		return err
	}
	sys := access.System(ctx)
	type seat struct {
		Test   string         `db:"id"`
		Course learn.CourseID `db:"course_id"`
	}
	test, err := db.One[seat](ctx, h.DB, `select id, course_id from learn_quiz_test where paper_id <> '' and course_id <> '' order by made_at limit 1`)
	if err != nil {
		return fmt.Errorf("the demo has no published test: %w", err)
	}
	people, err := db.All[org.PersonID](ctx, h.DB, `select p.id from org_person p where exists (select 1 from org_post o
		where o.person_id = p.id and o.main and o.to_on is null) and not exists (select 1 from learn_quiz_attempt a
		where a.person_id = p.id) and not exists (select 1 from access_account a where a.person_id = p.id) order by p.id limit $1`, learners)
	if err != nil {
		return err
	}
	if len(people) < learners {
		return fmt.Errorf("the demo has %d people for this, not %d", len(people), learners)
	}
	if _, err := h.learning.EnrolMany(sys, test.Course, people, "import"); err != nil {
		return err
	}
	cookies, err := h.benchSessions(sys, people)
	if err != nil {
		return err
	}
	return learn.BenchExam(ctx, learn.ExamOptions{Cookies: cookies, Test: test.Test, Think: think, Handler: h.Site(), Load: load,
		Engine: h.DB.Engine(), Size: func() int64 { return h.size(ctx) }}, out)
}

// benchName is a sign-in name that no other run has used.
func benchName(ctx context.Context, who string) string {
	return fmt.Sprintf("bench%d.%s", clock.Now(ctx).UnixMicro(), who)
}

// benchSessions gives people accounts and opens a session for each.
func (h *House) benchSessions(ctx context.Context, people []org.PersonID) (cookies []string, err error) {
	names, err := h.Orgs.People(ctx, people)
	if err != nil {
		return nil, err
	}
	ids := make([]access.AccountID, len(people))
	err = h.DB.Tx(ctx, func(ctx context.Context) (err error) {
		for i, p := range people {
			ids[i], err = h.Access.OpenAccount(ctx, access.NewAccount{Name: benchName(ctx, fmt.Sprint(i)), Title: names[p].Name, Person: p, Unit: names[p].Unit})
			if err != nil {
				return err
			}
		}
		cookies, err = h.openSessions(ctx, ids...)
		return err
	})
	return cookies, err
}

// openSessions opens a session for each of some accounts, which it makes active, and
// returns their cookies.
func (h *House) openSessions(ctx context.Context, ids ...access.AccountID) (cookies []string, err error) {
	now := clock.Now(ctx)
	sessions := make([]access.Session, len(ids))
	for i, acc := range ids {
		token := rand.Text()
		sum := sha256.Sum256([]byte(token))
		cookies = append(cookies, "lotrinh="+token)
		sessions[i] = access.Session{ID: string(acc), TokenHash: hex.EncodeToString(sum[:]), Account: acc, Means: "bench",
			MadeAt: now, SeenAt: now, ExpiresAt: now.Add(24 * time.Hour)}
	}
	return cookies, h.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := h.DB.Exec(ctx, `update access_account set state = 'active' where name like 'bench%'`)
		return errors.Join(err, db.Insert(ctx, h.DB, "access_session", sessions...))
	})
}

// size is the bytes that the database takes.
func (h *House) size(ctx context.Context) int64 {
	q := `select page_count * page_size from pragma_page_count(), pragma_page_size()`
	if h.DB.Postgres() {
		q = `select pg_database_size(current_database())`
	}
	n, err := db.One[int64](ctx, h.DB, q)
	if err != nil {
		return 0
	}
	return n
}

// Site is the site as it is served: measured, compressed, and told by the proxies
// before it who asks.
func (h *House) Site() http.Handler {
	return web.Behind(h.Config.Proxies, h.measured(gzhttp.GzipHandler(h.Handler())))
}
