package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
)

// ownTable is a table of what the house keeps about a person, for the person to take
// along. Query asks for it by $1 and names its columns as the keys under
// "app.data.column."; a column "…_at" is a time, "unit" a unit.
type ownTable struct {
	room, name string
	tables     []string // that it covers
	query      string
}

// ownTables is all that is kept about people outside access, which tells of person,
// posts, accounts, sessions, rights and readers itself.
var ownTables = []ownTable{
	{"org", "lecturer", []string{"org_lecturer"}, `select unit_id as unit, academic_rank, degree, field, practice, practice_years, stated_on, from_on, to_on from org_lecturer where person_id = $1`},
	{"org", "lecturer-papers", []string{"org_lecturer_paper"}, `select name, size, made_at from org_lecturer_paper where person_id = $1 order by made_at`},
	{"org", "teams", []string{"org_team_member"}, `select t.name, m.role, m.from_on, m.to_on, m.why from org_team_member m join org_team t on t.id = m.team_id where m.person_id = $1 order by m.from_on`},
	{"org", "team-days", []string{"org_team_presence"}, `select a.on_date, a.what as answer, a.place from org_team_presence p join org_team_activity a on a.id = p.activity_id where p.person_id = $1 order by a.on_date`},
	{"learn", "courses", []string{"learn_enrolment"}, `select c.title as course, e.unit_id as unit, e.category, e.means, e.state, e.enrolled_at, e.due_on, e.done, e.score, e.completed_on, e.seen_at
		from learn_enrolment e join learn_course c on c.id = e.course_id where e.person_id = $1 order by e.enrolled_at`},
	{"learn", "lessons", []string{"learn_progress"}, `select c.title as course, p.slot + 1 as number, p.state, p.at as done_at, p.second, p.score, p.points from learn_progress p
		join learn_enrolment e on e.id = p.enrolment_id join learn_course c on c.id = e.course_id where e.person_id = $1 order by e.enrolled_at, p.slot`},
	{"learn", "tasks", []string{"learn_task"}, `select c.title as course, t.no as number, t.account as answer, t.state, t.submitted_at, t.decided_at, t.remark from learn_task t
		join learn_enrolment e on e.id = t.enrolment_id join learn_course c on c.id = e.course_id where t.person_id = $1 order by t.submitted_at`},
	{"learn", "certificates", []string{"learn_certificate"}, `select serial, title as course, unit_name as name, grade, completed_on, issued_on, valid_to, revoked_at, reason from learn_certificate where person_id = $1 order by issued_on`},
	{"learn", "tests", []string{"learn_quiz_attempt"}, `select t.title as course, a.number, a.opened_at, a.submitted_at, a.state, a.log as answer, a.remarks as remark, a.score, a.points, a.passed, a.graded_at
		from learn_quiz_attempt a join learn_quiz_test t on t.id = a.test_id where a.person_id = $1 order by a.opened_at`},
	{"learn", "extensions", []string{"learn_quiz_extension"}, `select t.title as course, x.minutes, x.attempts, x.reason, x.made_at from learn_quiz_extension x join learn_quiz_test t on t.id = x.test_id where x.person_id = $1`},
	{"learn", "questionnaires", []string{"learn_survey_invite"}, `select r.course, r.opens_on as from_on, r.closes_on as to_on, i.respondent from learn_survey_invite i join learn_survey_run r on r.id = i.run_id where i.person_id = $1 order by r.opens_on`},
	{"learn", "questionnaires-to-come", []string{"learn_survey_member"}, `select c.course, m.respondent, m.unit_id as unit, m.category from learn_survey_member m join learn_survey_course c on c.id = m.course_id where m.person_id = $1`},
	{"learn", "reminders", []string{"learn_staff_reminder"}, `select about as name, at as made_at from learn_staff_reminder where person_id = $1`},
	{"classroom", "classes", []string{"classroom_seat"}, `select k.name as course, s.unit_id as unit, s.category, s.state, s.why, s.made_at from classroom_seat s join classroom_class k on k.id = s.class_id where s.person_id = $1 order by s.made_at`},
	{"classroom", "attendance", []string{"classroom_attendance"}, `select k.name as course, x.starts_at, a.state, a.reason, a.substitute from classroom_attendance a join classroom_session x on x.id = a.session_id
		join classroom_class k on k.id = x.class_id where a.person_id = $1 or a.substitute_id = $1 order by x.starts_at`},
	{"classroom", "marks", []string{"classroom_mark"}, `select k.name as course, x.starts_at, m.state, m.reason, m.source, m.received_at from classroom_mark m join classroom_session x on x.id = m.session_id
		join classroom_class k on k.id = x.class_id where m.person_id = $1 or m.substitute_id = $1 order by m.received_at`},
	{"classroom", "teaching", []string{"classroom_lecturer"}, `select k.name as course, x.starts_at, l.role from classroom_lecturer l join classroom_session x on x.id = l.session_id
		join classroom_class k on k.id = x.class_id where l.person_id = $1 order by x.starts_at`},
	{"classroom", "sites", []string{"classroom_site_site"}, `select s.unit_id as unit, x.starts_at from classroom_site_site s join classroom_session x on x.id = s.session_id where s.host_id = $1 order by x.starts_at`},
	{"requests", "corrections", []string{"access_correction"}, `select text as answer, made_at, due_on, state, answer as remark, answered_at from access_correction where person_id = $1 order by made_at`},
	{"mail", "inbox", []string{"mail_inbox"}, `select subject as name, body as answer, at as made_at, read_at from mail_inbox where reader = $1 order by at`},
}

// exportsOwn lets people take along what each room keeps about them.
func (h *House) exportsOwn() {
	rooms := map[string][]ownTable{}
	for _, t := range ownTables {
		rooms[t.room] = append(rooms[t.room], t)
	}
	for _, room := range slices.Sorted(maps.Keys(rooms)) {
		h.Access.Exports(room, func(ctx context.Context, p org.PersonID) (sheets []access.Sheet, err error) {
			for _, t := range rooms[room] {
				s, err := h.own1(ctx, t, p)
				if err != nil {
					return nil, err
				}
				if len(s.Rows) > 0 {
					sheets = append(sheets, s)
				}
			}
			return sheets, nil
		})
	}
}

func (h *House) own1(ctx context.Context, t ownTable, p org.PersonID) (s access.Sheet, err error) {
	rows, err := h.DB.SQL().QueryContext(ctx, t.query, string(p))
	if err != nil {
		return s, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return s, err
	}
	s = access.Sheet{Name: t.name, Title: i18n.S(ctx, "app.data."+t.name)}
	for _, c := range cols {
		s.Columns = append(s.Columns, i18n.S(ctx, "app.data.column."+c))
	}
	cells, to := make([]any, len(cols)), make([]any, len(cols))
	for i := range to {
		to[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return s, err
		}
		line := make([]string, len(cols))
		for i, c := range cols {
			line[i] = h.ownCell(ctx, c, cells[i])
		}
		s.Rows = append(s.Rows, line)
	}
	return s, rows.Err()
}

// ownCell writes a stored value as people read it.
func (h *House) ownCell(ctx context.Context, column string, v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case []byte:
		v = string(x)
	case int64:
		if strings.HasSuffix(column, "_at") {
			return i18n.DateTime(ctx, time.UnixMicro(x).In(clock.Zone))
		}
	}
	text := fmt.Sprint(v)
	switch {
	case column == "unit":
		if t := h.Orgs.Now(ctx); t.Has(org.UnitID(text)) {
			return t.Name(org.UnitID(text))
		}
	case strings.HasSuffix(column, "_on"), column == "on_date":
		if d, err := clock.ParseDate(text); err == nil {
			return d.Viet()
		}
	}
	return text
}
