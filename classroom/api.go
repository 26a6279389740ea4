package classroom

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"lotrinh/org"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/web"
)

// endpoints are the JSON endpoints of the module.
func (c *Classroom) endpoints(api huma.API) {
	tags := []string{"classroom"}
	web.Endpoint(api, huma.Operation{Method: http.MethodGet, Path: "/api/classroom/classes/{class}", OperationID: "classroom-class",
		Summary: "A class with its sessions", Tags: tags}, c.apiClass)
	web.Endpoint(api, huma.Operation{Method: http.MethodGet, Path: "/api/classroom/sessions/{session}/roll", OperationID: "classroom-roll",
		Summary: "The roll call of a session, as it stands", Tags: tags}, c.apiRoll)
	web.Endpoint(api, huma.Operation{Method: http.MethodPost, Path: "/api/classroom/sessions/{session}/marks", OperationID: "classroom-marks",
		Summary: "Send marks of a roll call, made on line or off line, any number of times", Tags: tags}, c.apiMarks)
}

type apiSession struct {
	ID     SessionID `json:"id"`
	Title  string    `json:"title"`
	Starts time.Time `json:"starts_at"`
	Ends   time.Time `json:"ends_at"`
	Mode   Mode      `json:"mode" enum:"in_person,online,hybrid"`
	Room   string    `json:"room"`
	Link   string    `json:"link"`
	Called bool      `json:"roll_called"`
	State  string    `json:"state" enum:"planned,cancelled"`
}

type apiClass struct {
	ID         ClassID      `json:"id"`
	Plan       PlanID       `json:"plan"`
	Code       string       `json:"code"`
	Name       string       `json:"name"`
	Unit       org.UnitID   `json:"unit"`
	From       clock.Date   `json:"from_on"`
	To         clock.Date   `json:"to_on" doc:"the last day"`
	NominateBy clock.Date   `json:"nominate_by"`
	State      ClassState   `json:"state" enum:"draft,open,closed,cancelled"`
	Planned    int64        `json:"planned"`
	Capacity   int64        `json:"capacity"`
	Registered int64        `json:"registered"`
	Waiting    int64        `json:"waiting"`
	Sessions   []apiSession `json:"sessions"`
}

type classIn struct {
	Class ClassID `path:"class"`
}

type classOut struct{ Body apiClass }

func (c *Classroom) apiClass(ctx context.Context, in *classIn) (*classOut, error) {
	k, err := c.Class(ctx, in.Class)
	if err != nil {
		return nil, err
	}
	sessions, err := c.Sessions(ctx, k.ID)
	if err != nil {
		return nil, err
	}
	out := &classOut{apiClass{ID: k.ID, Plan: k.Plan, Code: k.Code, Name: k.Name, Unit: k.Unit, From: k.From, To: k.To, NominateBy: k.NominateBy,
		State: k.State, Planned: k.Planned, Capacity: k.Capacity, Sessions: []apiSession{}}}
	if out.Body.Registered, out.Body.Waiting, err = c.fill(ctx, k.ID); err != nil {
		return nil, err
	}
	for _, s := range sessions {
		out.Body.Sessions = append(out.Body.Sessions, apiSession{s.ID, s.Title, s.Starts, s.Ends, s.Mode, s.RoomName, s.Link, !s.RolledAt.IsZero(), s.State})
	}
	return out, nil
}

type apiPerson struct {
	Person     org.PersonID `json:"person"`
	Name       string       `json:"name"`
	Unit       string       `json:"unit"`
	State      Presence     `json:"state" doc:"empty while nobody has marked the person"`
	Reason     string       `json:"reason"`
	Substitute string       `json:"substitute"`
	Heads      MarkIDs      `json:"heads" doc:"the marks that count; name them as bases of the mark that replaces them"`
	Conflict   bool         `json:"conflict" doc:"the marks do not agree; the class manager settles it"`
}

type apiRoll struct {
	Session SessionID   `json:"session"`
	Class   string      `json:"class"`
	Called  bool        `json:"called"`
	RollN   int64       `json:"roll_n" doc:"grows with every change"`
	People  []apiPerson `json:"people"`
}

type rollIn struct {
	Session SessionID `path:"session"`
}

type rollOut struct{ Body apiRoll }

func (c *Classroom) apiRoll(ctx context.Context, in *rollIn) (*rollOut, error) {
	r, err := c.Roll(ctx, in.Session)
	if err != nil {
		return nil, err
	}
	return &rollOut{rollBody(r)}, nil
}

func rollBody(r Roll) apiRoll {
	out := apiRoll{Session: r.Session.ID, Class: r.Class.Name, Called: !r.Session.RolledAt.IsZero(), RollN: r.Session.RollN, People: make([]apiPerson, len(r.Lines))}
	for i, l := range r.Lines {
		heads := l.Now.Heads
		if heads == nil {
			heads = MarkIDs{}
		}
		out.People[i] = apiPerson{l.Seat.Person, l.Seat.Name, l.Seat.UnitName, l.Now.State, l.Now.Reason, l.Now.Substitute, heads, l.Now.Conflict}
	}
	return out
}

type apiMark struct {
	ID         MarkID       `json:"id" minLength:"8" maxLength:"64" doc:"made by the device; the same mark sent twice is one"`
	Person     org.PersonID `json:"person"`
	State      Presence     `json:"state" enum:"present,late,left_early,substitute,excused,unexcused"`
	Reason     string       `json:"reason,omitempty" maxLength:"500"`
	Substitute string       `json:"substitute,omitempty" maxLength:"200"`
	At         time.Time    `json:"at" doc:"by the device's clock"`
	Bases      MarkIDs      `json:"bases,omitempty" doc:"marks of the person that the device had seen"`
}

type marksIn struct {
	Session SessionID `path:"session"`
	Body    struct {
		Device string    `json:"device" maxLength:"64"`
		Final  bool      `json:"final,omitempty" doc:"the roll is called"`
		Marks  []apiMark `json:"marks" maxItems:"5000"`
	}
}

type apiRefused struct {
	ID      MarkID `json:"id"`
	Message string `json:"message"`
}

type marksOut struct {
	Body struct {
		Roll    apiRoll      `json:"roll"`
		Refused []apiRefused `json:"refused"`
	}
}

func (c *Classroom) apiMarks(ctx context.Context, in *marksIn) (*marksOut, error) {
	marks := make([]Mark, len(in.Body.Marks))
	for i, m := range in.Body.Marks {
		marks[i] = Mark{ID: m.ID, Person: m.Person, State: m.State, Reason: m.Reason, Substitute: m.Substitute, At: m.At, Bases: m.Bases,
			Device: in.Body.Device, Source: FromDevice}
	}
	refused, err := c.MarkAll(ctx, in.Session, marks, in.Body.Final)
	if err != nil {
		return nil, err
	}
	r, err := c.Roll(ctx, in.Session)
	if err != nil {
		return nil, err
	}
	out := &marksOut{}
	out.Body.Roll, out.Body.Refused = rollBody(r), []apiRefused{}
	for _, x := range refused {
		out.Body.Refused = append(out.Body.Refused, apiRefused{x.ID, i18n.S(ctx, x.Why, x.Args...)})
	}
	return out, nil
}
