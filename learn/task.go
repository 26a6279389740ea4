package learn

import (
	"context"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lotrinh/access"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/errs"
	"lotrinh/platform/file"
	"lotrinh/platform/id"
	"lotrinh/platform/text"
)

// TaskID names what was handed in for an application task.
type TaskID string

// TaskState says what the superior said.
type TaskState string

// The states of what was handed in. A rejection is not final: the learner hands
// in again.
const (
	TaskSubmittedState TaskState = "submitted"
	TaskConfirmed      TaskState = "confirmed"
	TaskRejected       TaskState = "rejected"
)

// Task is what a learner handed in for an application task (nhiệm vụ ứng dụng tại
// đơn vị).
type Task struct {
	ID        TaskID       `db:"id"`
	Enrolment EnrolmentID  `db:"enrolment_id"`
	Lesson    LessonID     `db:"lesson_id"`
	Slot      int          `db:"slot"`
	Person    org.PersonID `db:"person_id"`
	Unit      org.UnitID   `db:"unit_id"`
	No        int          `db:"no"`
	Account   string       `db:"account"`
	State     TaskState    `db:"state"`
	Submitted time.Time    `db:"submitted_at"`
	DecidedAt time.Time    `db:"decided_at"`
	DecidedBy string       `db:"decided_by"`
	Remark    string       `db:"remark"`
	Edition   int          `db:"edition"`
}

// Evidence is a file handed in with a task.
type Evidence struct {
	ID   string   `db:"id"`
	Task TaskID   `db:"task_id"`
	File file.Ref `db:"file_ref"`
	Name string   `db:"name"`
	Kind string   `db:"kind"`
	Size int64    `db:"size"`
}

// TaskView is a task with its files.
type TaskView struct {
	Task
	Files []Evidence
}

// Upload is a file that someone sends.
type Upload struct {
	Name string
	Body io.Reader
}

// EvidenceMax is the largest file of evidence, in bytes, and filesMax how many.
const (
	EvidenceMax = 20 << 20
	filesMax    = 5
)

// evidenceKinds are the files that may be handed in, by their ending.
var evidenceKinds = map[string]string{".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation"}

// HandIn hands in what the actor did for the application task in a slot of a
// course. While the superior has not decided it cannot be handed in again; after a
// rejection it can.
func (l *Learn) HandIn(ctx context.Context, cid CourseID, slot int, account string, files []Upload) (TaskID, error) {
	v, err := l.learning(ctx, cid, slot) // asks access.CheckSelf
	if err != nil {
		return "", err
	}
	lesson := v.Outline.Lessons[v.At]
	account = text.CleanLines(account)
	var f errs.Form
	f.Need(lesson.Kind == LessonTask, "account", "error.invalid")
	f.Need(account != "" && len(account) <= 8000, "account", "learn.need.account")
	f.Need(len(files) <= filesMax, "files", "learn.need.files", filesMax)
	f.Need(slices.IndexFunc(files, func(u Upload) bool { return evidenceKinds[ending(u.Name)] == "" }) < 0, "files", "learn.need.file-kind")
	if err := f.Err(); err != nil {
		return "", err
	}
	t := Task{ID: TaskID(id.New(ctx)), Enrolment: v.Enrolment.ID, Lesson: lesson.ID, Slot: slot, Person: v.Enrolment.Person,
		Unit: v.Enrolment.Unit, Account: account, State: TaskSubmittedState, Submitted: clock.Now(ctx)}
	evidence, err := l.keepEvidence(ctx, t.ID, files) // before the transaction: it may use the network
	if err != nil {
		return "", err
	}
	return t.ID, l.addTask(ctx, v, t, evidence)
}

func ending(name string) string { return strings.ToLower(filepath.Ext(name)) }

func (l *Learn) keepEvidence(ctx context.Context, task TaskID, files []Upload) ([]Evidence, error) {
	var out []Evidence
	for _, u := range files {
		info, err := l.files.Put(ctx, u.Body, EvidenceMax)
		if err != nil {
			return nil, err
		}
		out = append(out, Evidence{ID: id.New(ctx), Task: task, File: info.Ref, Name: fileName(u.Name), Kind: evidenceKinds[ending(u.Name)], Size: info.Size})
	}
	return out, nil
}

// fileName is the name of an uploaded file without the way to it.
func fileName(s string) string {
	s = text.Clean(s[strings.LastIndexAny(s, `/\`)+1:])
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:180], "") + ending(s)
	}
	return s
}

func (l *Learn) addTask(ctx context.Context, v LessonView, t Task, evidence []Evidence) error {
	return l.db.Tx(ctx, func(ctx context.Context) error {
		if err := l.store.lock(ctx, t.Enrolment); err != nil {
			return err
		}
		before, err := l.store.tasksOf(ctx, t.Enrolment, t.Lesson)
		if err != nil {
			return err
		}
		for _, b := range before {
			if b.State != TaskRejected {
				return errs.New(errs.Conflict, "learn.task."+string(b.State)+"-already")
			}
		}
		t.No = len(before) + 1
		if err := db.Insert(ctx, l.db, "learn_task", t); err != nil {
			return err
		}
		if err := db.Insert(ctx, l.db, "learn_evidence", evidence...); err != nil {
			return err
		}
		if err := l.note(ctx, v.Enrolment, progress{Slot: t.Slot, State: string(Waiting)}); err != nil {
			return err
		}
		return l.bus.Publish(ctx, TaskSubmitted{Task: string(t.ID), Person: t.Person, Unit: t.Unit, Title: v.Outline.Lessons[v.At].Title})
	})
}

// Decide confirms or rejects what was handed in. Only the head of the learner's
// unit or of one above it may, and nobody for himself; a rejection needs a reason.
func (l *Learn) Decide(ctx context.Context, tid TaskID, edition int, confirm bool, remark string) error {
	remark = text.CleanLines(remark)
	return l.db.Tx(ctx, func(ctx context.Context) error {
		t, err := l.store.task(ctx, tid)
		if err != nil {
			return err
		}
		if err := access.Check(ctx, ConfirmTask, t.Unit); err != nil {
			return err
		}
		who, _ := access.Who(ctx)
		var f errs.Form
		f.Need(confirm || remark != "", "remark", "learn.need.remark")
		switch {
		case who.Person == t.Person:
			return errs.New(errs.Denied, "learn.task.own")
		case f.Err() != nil:
			return f.Err()
		case t.Edition != edition || t.State != TaskSubmittedState:
			return errs.New(errs.Conflict, "error.changed")
		}
		t.State, t.DecidedAt, t.DecidedBy, t.Remark = TaskRejected, clock.Now(ctx), string(who.Account), remark
		mark := Again
		if confirm {
			t.State, mark = TaskConfirmed, Done
		}
		if err := l.store.decide(ctx, t); err != nil {
			return err
		}
		if err := l.note(ctx, Enrolment{ID: t.Enrolment}, progress{Slot: t.Slot, State: string(mark)}); err != nil {
			return err
		}
		if err := l.bus.Publish(ctx, TaskDecided{Task: string(tid), Person: t.Person, Confirmed: confirm, Remark: remark}); err != nil {
			return err
		}
		return l.auditPerson(ctx, ConfirmTask, t.Unit, t.Person, "task:"+string(tid), map[string]any{"state": t.State})
	})
}

// WaitingTasks lists what waits for the actor to confirm, the oldest first.
func (l *Learn) WaitingTasks(ctx context.Context) ([]TaskView, error) {
	w := access.In(ctx, ConfirmTask).Narrow(db.NewWhere(), "unit_id")
	tasks, err := db.All[Task](ctx, l.db, `select `+db.Columns[Task]("")+` from learn_task where state = 'submitted' and `+w.SQL()+
		` order by submitted_at, id limit 200`, w.Args()...)
	if err != nil {
		return nil, err
	}
	return l.store.withFiles(ctx, tasks)
}

// OpenEvidence opens a file of evidence for its learner or for whoever may confirm
// the task or read the unit's records; the latter is noted in the audit log.
func (l *Learn) OpenEvidence(ctx context.Context, eid string) (Evidence, io.ReadSeekCloser, error) {
	if !access.SignedIn(ctx) {
		return Evidence{}, nil, errs.New(errs.Stranger, "error.sign-in")
	}
	e, err := db.One[Evidence](ctx, l.db, `select `+db.Columns[Evidence]("")+` from learn_evidence where id = $1`, eid)
	if err != nil {
		return e, nil, err
	}
	t, err := l.store.task(ctx, e.Task)
	if err != nil {
		return e, nil, err
	}
	if access.CheckSelf(ctx, t.Person) != nil {
		if !access.Allowed(ctx, ConfirmTask, t.Unit) && !access.Allowed(ctx, ReadRecords, t.Unit) {
			return e, nil, errs.New(errs.NotFound, "error.not-found")
		}
		if err := l.auditRead(ctx, ReadRecords, t.Unit, t.Person, "evidence:"+eid, nil); err != nil {
			return e, nil, err
		}
	}
	r, _, err := l.files.Open(ctx, e.File)
	return e, r, err
}

func (s store) task(ctx context.Context, tid TaskID) (Task, error) {
	return db.One[Task](ctx, s.db, `select `+db.Columns[Task]("")+` from learn_task where id = $1`, string(tid))
}

func (s store) tasksOf(ctx context.Context, eid EnrolmentID, lid LessonID) ([]TaskView, error) {
	tasks, err := db.All[Task](ctx, s.db, `select `+db.Columns[Task]("")+` from learn_task where enrolment_id = $1 and lesson_id = $2 order by no`, string(eid), string(lid))
	if err != nil {
		return nil, err
	}
	return s.withFiles(ctx, tasks)
}

func (s store) withFiles(ctx context.Context, tasks []Task) ([]TaskView, error) {
	out, at, ids := make([]TaskView, len(tasks)), map[TaskID]int{}, make([]TaskID, len(tasks))
	for i, t := range tasks {
		out[i].Task, at[t.ID], ids[i] = t, i, t.ID
	}
	if len(ids) == 0 {
		return out, nil
	}
	w := db.In(db.NewWhere(), "task_id", ids)
	err := db.Each(ctx, s.db, `select `+db.Columns[Evidence]("")+` from learn_evidence where `+w.SQL()+` order by id`, w.Args(),
		func(e Evidence) error {
			out[at[e.Task]].Files = append(out[at[e.Task]].Files, e)
			return nil
		})
	return out, err
}

func (s store) decide(ctx context.Context, t Task) error {
	return changed(s.db.Exec(ctx, `update learn_task set state = $1, decided_at = $2, decided_by = $3, remark = $4, edition = edition + 1
		where id = $5 and edition = $6`, string(t.State), t.DecidedAt, t.DecidedBy, t.Remark, string(t.ID), t.Edition))
}

// serveFile answers with a file, a part of it where the request asks for one. A
// file that people sent is never shown as a page of the house.
func serveFile(w http.ResponseWriter, r *http.Request, name, kind string, attachment bool, body io.ReadSeekCloser, at time.Time) {
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	h.Set("Cache-Control", "private, max-age=3600")
	if attachment {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	http.ServeContent(w, r, "", at, body)
}
