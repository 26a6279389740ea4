package learn

import (
	"context"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"lotrinh/access"
	"lotrinh/learn/quiz"
	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/errs"
	"lotrinh/platform/web"
)

// api names the JSON endpoints: the use cases of the pages, with the same rights.
func (l *Learn) api(a huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{"learn"}}
	}
	web.Endpoint(a, op("GET", "/api/learn/courses", "courses", "Courses of the units where the caller may edit courses"), known(l.apiCourses))
	web.Endpoint(a, op("GET", "/api/learn/courses/{id}", "course", "A course with its lessons and how far the caller is"), known(l.apiCourse))
	web.Endpoint(a, op("POST", "/api/learn/courses/{id}/enrolments", "enrol", "Enter people into a course; who is in it already stays"), known(l.apiEnrol))
	web.Endpoint(a, op("GET", "/api/learn/courses/{id}/enrolments", "enrolments", "Learners of a course in the units whose records the caller may read"), known(l.apiEnrolments))
	web.Endpoint(a, op("POST", "/api/learn/tests/{id}/attempts", "attempt-open", "Open an attempt of the caller at a test, or find the one under way"), known(l.apiOpen))
	web.Endpoint(a, op("PUT", "/api/learn/attempts/{id}/answers", "attempt-save", "Save answers of an attempt, by the fields of its page (q1, q2.0 …)"), known(l.apiSave))
	web.Endpoint(a, op("POST", "/api/learn/attempts/{id}/submission", "attempt-submit", "Hand in an attempt with the answers given"), known(l.apiSubmit))
	check := op("GET", "/api/learn/certificates/{serial}", "certificate-check", "Whether a certificate is genuine and holds; open to all")
	check.Security = []map[string][]string{}
	web.Endpoint(a, check, l.apiCheck)
}

// known asks who has not signed in to do so before telling him anything else.
func known[In, Out any](h func(context.Context, *In) (*Out, error)) func(context.Context, *In) (*Out, error) {
	return func(ctx context.Context, in *In) (*Out, error) {
		if !access.SignedIn(ctx) {
			return nil, errs.New(errs.Stranger, "error.sign-in")
		}
		return h(ctx, in)
	}
}

type courseJSON struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Unit   string `json:"unit"`
	Topic  string `json:"topic,omitempty"`
	State  string `json:"state" doc:"draft, published or closed"`
	Open   bool   `json:"open"`
	Starts string `json:"starts_on,omitempty"`
	Ends   string `json:"ends_on,omitempty"`
}

func toJSON(c Course) courseJSON {
	return courseJSON{string(c.ID), c.Title, string(c.Unit), string(c.Topic), string(c.State), c.Open, c.Starts.String(), c.Ends.String()}
}

type coursesIn struct {
	Text   string `query:"q" maxLength:"200"`
	Offset int    `query:"offset" minimum:"0"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type coursesOut struct {
	Body struct {
		Total   int          `json:"total"`
		Courses []courseJSON `json:"courses"`
	}
}

func (l *Learn) apiCourses(ctx context.Context, in *coursesIn) (*coursesOut, error) {
	all, n, err := l.Courses(ctx, CourseFilter{Text: in.Text, Offset: in.Offset, Limit: in.Limit})
	out := &coursesOut{}
	out.Body.Total, out.Body.Courses = n, make([]courseJSON, len(all))
	for i, c := range all {
		out.Body.Courses[i] = toJSON(c)
	}
	return out, err
}

type byID struct {
	ID string `path:"id" maxLength:"64"`
}

type lessonJSON struct {
	Slot     int    `json:"slot"`
	Kind     string `json:"kind"`
	Title    string `json:"title"`
	Required bool   `json:"required"`
	Mark     string `json:"mark" doc:"none, started, done, waiting or again"`
}

type courseOut struct {
	Body struct {
		Course  courseJSON   `json:"course"`
		State   string       `json:"state,omitempty" doc:"of the caller's enrolment; none when not enrolled"`
		Due     string       `json:"due_on,omitempty"`
		Lessons []lessonJSON `json:"lessons"`
	}
}

func (l *Learn) apiCourse(ctx context.Context, in *byID) (*courseOut, error) {
	v, err := l.Study(ctx, CourseID(in.ID))
	if err != nil {
		return nil, err
	}
	out := &courseOut{}
	out.Body.Course, out.Body.State, out.Body.Due = toJSON(v.Course), string(v.Enrolment.State), v.Enrolment.Due.String()
	for _, x := range v.Outline.Lessons {
		out.Body.Lessons = append(out.Body.Lessons, lessonJSON{x.Slot, string(x.Kind), x.Title, x.Required, markWord(markAt(v.Enrolment.Marks, x.Slot))})
	}
	return out, nil
}

type enrolIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		People []string `json:"people" minItems:"1" maxItems:"10000"`
	}
}

type countOut struct {
	Body struct {
		Count int `json:"count"`
	}
}

func (l *Learn) apiEnrol(ctx context.Context, in *enrolIn) (*countOut, error) {
	people := make([]org.PersonID, len(in.Body.People))
	for i, p := range in.Body.People {
		people[i] = org.PersonID(p)
	}
	out := &countOut{}
	var err error
	out.Body.Count, err = l.Enrol(ctx, CourseID(in.ID), people)
	return out, err
}

type enrolmentsIn struct {
	ID     string `path:"id" maxLength:"64"`
	Offset int    `query:"offset" minimum:"0"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type enrolmentJSON struct {
	ID          string     `json:"id"`
	Person      string     `json:"person"`
	Name        string     `json:"name"`
	Unit        string     `json:"unit"`
	Category    string     `json:"category"`
	State       string     `json:"state"`
	Done        int        `json:"lessons_done"`
	Score       float64    `json:"score" doc:"percent over the tests; -1 none"`
	CompletedOn clock.Date `json:"completed_on"`
}

type enrolmentsOut struct {
	Body struct {
		Total      int             `json:"total"`
		Enrolments []enrolmentJSON `json:"enrolments"`
	}
}

func (l *Learn) apiEnrolments(ctx context.Context, in *enrolmentsIn) (*enrolmentsOut, error) {
	_, _, rows, n, err := l.Gradebook(ctx, CourseID(in.ID), GradeFilter{Offset: in.Offset, Limit: in.Limit})
	out := &enrolmentsOut{}
	out.Body.Total, out.Body.Enrolments = n, make([]enrolmentJSON, len(rows))
	for i, r := range rows {
		out.Body.Enrolments[i] = enrolmentJSON{string(r.ID), string(r.Person), r.Name, string(r.Unit), string(r.Category), string(r.State), r.Done, max(-1, float64(r.Score)/100), r.CompletedOn}
	}
	return out, err
}

type attemptOut struct {
	Body struct {
		ID string `json:"id"`
	}
}

func (l *Learn) apiOpen(ctx context.Context, in *byID) (*attemptOut, error) {
	aid, err := l.quiz.OpenAttempt(ctx, quiz.TestID(in.ID))
	out := &attemptOut{}
	out.Body.ID = string(aid)
	return out, err
}

type answersIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Questions []string            `json:"questions" maxItems:"200" doc:"numbers of the questions answered"`
		Fields    map[string][]string `json:"fields" doc:"as the page names them"`
	}
}

func (in *answersIn) form() url.Values {
	f := url.Values(in.Body.Fields)
	if f == nil {
		f = url.Values{}
	}
	f["n"] = in.Body.Questions
	return f
}

type savedOut struct {
	Body struct {
		SavedAt time.Time `json:"saved_at"`
	}
}

func (l *Learn) apiSave(ctx context.Context, in *answersIn) (*savedOut, error) {
	at, err := l.quiz.Save(ctx, quiz.AttemptID(in.ID), in.form())
	out := &savedOut{}
	out.Body.SavedAt = at
	return out, err
}

func (l *Learn) apiSubmit(ctx context.Context, in *answersIn) (*attemptOut, error) {
	out := &attemptOut{}
	out.Body.ID = in.ID
	return out, l.quiz.Submit(ctx, quiz.AttemptID(in.ID), in.form())
}

type checkIn struct {
	Serial string `path:"serial" maxLength:"40"`
}

type checkOut struct{ Body Checked }

func (l *Learn) apiCheck(ctx context.Context, in *checkIn) (*checkOut, error) {
	c, err := l.CheckCertificate(ctx, in.Serial)
	return &checkOut{c}, err
}
