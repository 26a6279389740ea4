package survey

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"lotrinh/access"
	"lotrinh/learn/content"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/web"
)

// fact is a row of some table as who holds the whole database sees it: its
// values, and what the engine itself knows of it.
type fact struct {
	table  string
	values []string
}

// dump reads every row of every table. On PostgreSQL a row also says which
// transaction wrote it.
func dump(t *testing.T, ctx context.Context, d *db.DB) (facts []fact) {
	t.Helper()
	snap, err := d.Snapshot(ctx)
	must(t, err)
	tables, err := snap.Tables(ctx)
	must(t, err)
	must(t, snap.Close())
	for _, table := range tables {
		cols := make([]string, len(table.Columns))
		for i, c := range table.Columns {
			cols[i] = "coalesce(cast(" + c.Name + " as text), '')"
		}
		if d.Postgres() {
			cols = append(cols, "'transaction ' || cast(xmin as text)")
		}
		rows, err := db.All[string](ctx, d, `select `+strings.Join(cols, " || '\x1f' || ")+` from `+table.Name)
		must(t, err)
		for _, r := range rows {
			facts = append(facts, fact{table.Name, strings.Split(r, "\x1f")})
		}
	}
	return facts
}

// search follows shared values from row to row.
type search struct {
	facts  []fact
	at     map[string]map[string][]int // value, table, rows
	people map[string]bool
}

func newSearch(facts []fact, people map[string]bool) search {
	s := search{facts, map[string]map[string][]int{}, people}
	for i, f := range facts {
		for _, v := range f.values {
			if s.at[v] == nil {
				s.at[v] = map[string][]int{}
			}
			s.at[v][f.table] = append(s.at[v][f.table], i)
		}
	}
	return s
}

// suspects are the people to whom a row can belong: for each of its values, and
// each table that holds the value too, those named in the rows there, or in rows
// that these lead to in turn. All people, where nothing leads to anybody.
func (s search) suspects(row fact, from map[string]bool, depth int) map[string]bool {
	var leads []map[string]bool
	for _, v := range row.values {
		if len(v) < 2 || v == "true" || v == "false" || from[v] {
			continue
		}
		from := maps.Clone(from)
		from[v] = true
		for table, rows := range s.at[v] {
			if table == row.table {
				continue
			}
			found := map[string]bool{}
			for _, i := range rows {
				maps.Copy(found, s.owners(s.facts[i], from, depth))
			}
			leads = append(leads, found)
		}
	}
	slices.SortFunc(leads, func(a, b map[string]bool) int { return len(a) - len(b) })
	left := s.people
	for _, found := range leads {
		both := maps.Clone(left)
		maps.DeleteFunc(both, func(p string, _ bool) bool { return !found[p] })
		if len(both) > 0 {
			left = both
		}
	}
	return left
}

func (s search) owners(row fact, from map[string]bool, depth int) map[string]bool {
	named := map[string]bool{}
	for _, v := range row.values {
		if s.people[v] {
			named[v] = true
		}
	}
	switch {
	case len(named) > 0:
		return named
	case depth == 0:
		return s.people
	}
	return s.suspects(row, from, depth-1)
}

// Whoever holds the whole database, with all that the engine notes beside it, and
// knows who was asked, in which order they answered and when each was last there,
// still finds no group of fewer than five behind an answer or a remark.
func TestNobodyIsFoundOut(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		run := h.run(t, ctx, "ks-giang-vien", ByCategory)
		order := rand.New(rand.NewPCG(1, 2)).Perm(18)
		mux := &web.Mux{SignedIn: access.SignedIn, Once: web.NewOnce(h.d)}
		h.s.Module().Routes(mux)
		for n, i := range order {
			h.answerAtDesk(t, mux, run, i, n)
		}
		people := map[string]bool{}
		for _, p := range h.people {
			people[string(p)] = true
		}
		facts, seen := dump(t, ctx, h.d), 0
		for _, f := range facts {
			if f.table != "learn_survey_reply" && f.table != "learn_survey_remark" {
				continue
			}
			seen++
			if who := newSearch(facts, people).suspects(f, map[string]bool{}, 2); len(who) < Least {
				t.Errorf("%v leads to %v", f, slices.Sorted(maps.Keys(who)))
			}
		}
		if seen != 36 {
			t.Errorf("%d answers and remarks, want 36", seen)
		}
		h.noPlace(t, ctx, order)
		h.noToken(t, facts, run)
		h.noLog(t, ctx)
		h.proveAttack(t, ctx, people, run)
	})
}

// answerAtDesk answers as person i with session and all, as the browser does.
func (h *house) answerAtDesk(t *testing.T, mux *web.Mux, run RunID, i, n int) {
	t.Helper()
	who := access.Actor{Account: access.AccountID(fmt.Sprint("account-", i)), Person: h.people[i], Name: fmt.Sprint("Người ", i)}
	ctx := access.From(access.As(clock.At(context.Background(), day.Time().Add(9*time.Hour+time.Duration(n)*time.Minute)), who, h.orgs.Covers), fmt.Sprint("10.0.0.", i))
	form := url.Values{"remark": {fmt.Sprintf("lời của người thứ %d", i)}, web.OnceField: {fmt.Sprint("once-", i)}}
	for q := range 7 {
		form.Set(field(q), fmt.Sprint(1+(i>>(q/2))%2*(q%2+1)))
	}
	r := httptest.NewRequest("POST", "/surveys/"+string(run)+"/answer", strings.NewReader(form.Encode())).WithContext(ctx)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for range 2 { // a weak network sends it twice
		again := r.Clone(ctx)
		again.Body = httptest.NewRequest("POST", "/", strings.NewReader(form.Encode())).Body
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, again)
		if w.Code != 303 || w.Header().Get("Location") != "/s/thanks" {
			t.Fatalf("person %d: %d %s %.500s", i, w.Code, w.Header(), w.Body)
		}
	}
}

// noPlace: the place of a row on disk follows its random id, not the order in
// which people answered, and one transaction wrote all.
func (h *house) noPlace(t *testing.T, ctx context.Context, order []int) {
	t.Helper()
	place := "rowid"
	if h.d.Postgres() {
		place = "ctid"
		for _, table := range []string{"learn_survey_reply", "learn_survey_remark"} {
			if n, err := db.One[int](ctx, h.d, `select count(distinct cast(xmin as text)) from `+table); err != nil || n != 1 {
				t.Errorf("%s was written by %d transactions (%v)", table, n, err)
			}
		}
	}
	for _, table := range []string{"learn_survey_reply", "learn_survey_remark"} {
		ids, err := db.All[int64](ctx, h.d, `select id from `+table+` order by `+place)
		if err != nil || !slices.IsSorted(ids) || len(ids) != len(order) {
			t.Errorf("%s lies in the order %v (%v)", table, ids, err)
		}
	}
	said, err := db.All[string](ctx, h.d, `select body from learn_survey_remark order by `+place)
	must(t, err)
	came := make([]string, len(order))
	for n, i := range order {
		came[n] = fmt.Sprintf("lời của người thứ %d", i)
	}
	if slices.Equal(said, came) {
		t.Error("remarks lie in the order in which they came")
	}
}

// noToken: no table but the one of tokens knows a hash, and none a token beside
// the mails that are on their way; without the key nobody's hash can be made.
func (h *house) noToken(t *testing.T, facts []fact, run RunID) {
	t.Helper()
	for _, p := range h.people {
		tok := h.s.token(invite{run, p, content.AskTrainee})
		for _, f := range facts {
			all := strings.Join(f.values, " ")
			if strings.Contains(all, tok) && f.table != "job_queue" || strings.Contains(all, hashed(tok)) && f.table != "learn_survey_token" {
				t.Errorf("%s knows the token of %s: %.200s", f.table, p, all)
			}
		}
	}
}

// noLog: the log tells the day on which somebody answered.
func (h *house) noLog(t *testing.T, ctx context.Context) {
	t.Helper()
	list, err := db.All[access.Record](ctx, h.d, `select `+db.Columns[access.Record]("")+` from access_audit where action = $1`, answered)
	if err != nil || len(list) != 18 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	for _, e := range list {
		if e.Account != "" || e.Actor != "system" || e.Address != "" || e.Person != "" || e.Detail != "{}" || !e.At.Equal(day.Time()) {
			t.Errorf("%+v", e)
		}
	}
}

// proveAttack: the search does find whom a careless table gives away.
func (h *house) proveAttack(t *testing.T, ctx context.Context, people map[string]bool, run RunID) {
	t.Helper()
	_, err := h.d.Exec(ctx, `create table learn_survey_leak (reply_id bigint, session_id text)`)
	must(t, err)
	_, err = h.d.Exec(ctx, `create table learn_survey_leak2 (session_id text, person_id text)`)
	must(t, err)
	reply, err := db.One[answer](ctx, h.d, `select `+db.Columns[answer]("")+` from learn_survey_reply order by id limit 1`)
	must(t, err)
	_, err = h.d.Exec(ctx, `insert into learn_survey_leak values ($1, 'session-of-somebody')`, reply.ID)
	must(t, err)
	_, err = h.d.Exec(ctx, `insert into learn_survey_leak2 values ('session-of-somebody', $1)`, org.PersonID(h.people[3]))
	must(t, err)
	row := fact{"learn_survey_reply", []string{fmt.Sprint(reply.ID), string(run)}}
	if who := newSearch(dump(t, ctx, h.d), people).suspects(row, map[string]bool{}, 2); len(who) != 1 || !who[string(h.people[3])] {
		t.Errorf("the search does not find a leak: %v", who)
	}
}
