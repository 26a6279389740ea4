package site

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"lotrinh/classroom"
	"lotrinh/platform/clock"
	"lotrinh/platform/i18n"
	"lotrinh/platform/web"
)

// endpoints are the JSON endpoints of the module.
func (s *Sites) endpoints(api huma.API) {
	tags := []string{"classroom"}
	web.Endpoint(api, huma.Operation{Method: http.MethodGet, Path: "/api/classroom/sites/{site}", OperationID: "classroom-site",
		Summary: "A site of a conference, as it stands", Tags: tags}, s.getSite)
	web.Endpoint(api, huma.Operation{Method: http.MethodPost, Path: "/api/classroom/sites/{site}/marks", OperationID: "classroom-site-marks",
		Summary: "Send marks of a site, made on line or off line, any number of times", Tags: tags}, s.postMarks)
	web.Endpoint(api, huma.Operation{Method: http.MethodGet, Path: "/api/classroom/sessions/{session}/sites", OperationID: "classroom-sites",
		Summary: "The sites of a conference, as they stand", Tags: tags}, s.getSites)
}

type apiSiteWord struct {
	Value    string            `json:"value"`
	Note     string            `json:"note"`
	At       time.Time         `json:"at" doc:"by the device's clock"`
	Time     string            `json:"time" doc:"of the day, for people"`
	By       string            `json:"by"`
	Heads    classroom.MarkIDs `json:"heads" doc:"the marks that count; name them as bases of the mark that replaces them"`
	Conflict bool              `json:"conflict" doc:"devices do not agree; the next mark that names all heads settles it"`
}

type apiSite struct {
	Site      ID                     `json:"site"`
	Unit      string                 `json:"unit"`
	Central   bool                   `json:"central"`
	State     State                  `json:"state" enum:"silent,preparing,ready,connected,counted"`
	StateText string                 `json:"state_text" doc:"for people"`
	Tone      string                 `json:"tone" enum:"good,info,warn,neutral,bad"`
	N         int64                  `json:"n" doc:"grows with every change of the conference"`
	Subjects  map[string]apiSiteWord `json:"subjects" doc:"check:<key>, count:<category>, sign, incident:<mark>"`
	Total     int64                  `json:"total"`
	Expected  int64                  `json:"expected"`
	Signed    bool                   `json:"signed"`
	Incidents int                    `json:"open_incidents"`
}

func standingBody(ctx context.Context, l Line, n int64) apiSite {
	out := apiSite{Site: l.ID, Unit: l.UnitName, Central: l.Central, State: l.State, StateText: i18n.S(ctx, "site.state."+string(l.State)), Tone: string(stateTone(l.State)), N: n, Subjects: map[string]apiSiteWord{},
		Total: l.Standing.Total, Expected: l.Invited, Signed: l.Signed, Incidents: l.OpenIncidents()}
	for subject, w := range l.Words {
		out.Subjects[subject] = apiSiteWord{w.Mark.Value, w.Mark.Note, w.Mark.At, timeOf(w.Mark.At), w.Mark.ByName, ids(w.Heads), w.Conflict}
	}
	for _, i := range l.Standing.Incidents {
		w := apiSiteWord{Value: i.Kind, Note: i.Note, At: i.Opened, Time: timeOf(i.Opened), Heads: ids(i.Heads)}
		if !i.Open() {
			w.Value, w.At, w.Time = Closed, i.Closed, timeOf(i.Closed)
		}
		out.Subjects["incident:"+string(i.ID)] = w
	}
	return out
}

func ids(l classroom.MarkIDs) classroom.MarkIDs {
	if l == nil {
		return classroom.MarkIDs{}
	}
	return l
}

func timeOf(t time.Time) string { return t.In(clock.Zone).Format("15:04") }

type siteIn struct {
	Site ID `path:"site"`
}

type siteOut struct{ Body apiSite }

func (s *Sites) getSite(ctx context.Context, in *siteIn) (*siteOut, error) {
	v, err := s.View(ctx, in.Site)
	if err != nil {
		return nil, err
	}
	return &siteOut{standingBody(ctx, v.Line, v.Meeting.N)}, nil
}

type sitesIn struct {
	Session classroom.SessionID `path:"session"`
}

type sitesOut struct {
	Body struct {
		Sites   []apiSite `json:"sites"`
		Total   int64     `json:"total" doc:"lượt: counted at the sites and signed"`
		Named   int64     `json:"named" doc:"người: distinct persons in the roll call"`
		Version string    `json:"version"`
	}
}

func (s *Sites) getSites(ctx context.Context, in *sitesIn) (*sitesOut, error) {
	b, err := s.Board(ctx, in.Session)
	if err != nil {
		return nil, err
	}
	out := &sitesOut{}
	out.Body.Sites, out.Body.Total, out.Body.Named, out.Body.Version = []apiSite{}, b.Total.Counted, b.Named, b.Version
	for _, l := range b.Lines {
		out.Body.Sites = append(out.Body.Sites, standingBody(ctx, l, b.Meeting.N))
	}
	return out, nil
}

type apiSiteMark struct {
	ID      classroom.MarkID  `json:"id" minLength:"8" maxLength:"64" doc:"made by the device; the same mark sent twice is one"`
	Subject string            `json:"subject" maxLength:"120"`
	Value   string            `json:"value" maxLength:"400"`
	Note    string            `json:"note,omitempty" maxLength:"500"`
	At      time.Time         `json:"at" doc:"by the device's clock"`
	Bases   classroom.MarkIDs `json:"bases,omitempty" doc:"marks of the subject that the device had seen"`
}

type siteMarksIn struct {
	Site ID `path:"site"`
	Body struct {
		Device string        `json:"device" maxLength:"64"`
		Marks  []apiSiteMark `json:"marks" maxItems:"1000"`
	}
}

type apiSiteRefused struct {
	ID      classroom.MarkID `json:"id"`
	Message string           `json:"message"`
}

type siteMarksOut struct {
	Body struct {
		Site    apiSite          `json:"site"`
		Refused []apiSiteRefused `json:"refused"`
	}
}

func (s *Sites) postMarks(ctx context.Context, in *siteMarksIn) (*siteMarksOut, error) {
	marks := make([]Mark, len(in.Body.Marks))
	for i, k := range in.Body.Marks {
		marks[i] = Mark{ID: k.ID, Subject: k.Subject, Value: k.Value, Note: k.Note, At: k.At, Bases: k.Bases, Device: in.Body.Device, Source: FromDevice}
	}
	refused, err := s.Take(ctx, in.Site, marks)
	if err != nil {
		return nil, err
	}
	v, err := s.View(ctx, in.Site)
	if err != nil {
		return nil, err
	}
	out := &siteMarksOut{}
	out.Body.Site, out.Body.Refused = standingBody(ctx, v.Line, v.Meeting.N), []apiSiteRefused{}
	for _, x := range refused {
		out.Body.Refused = append(out.Body.Refused, apiSiteRefused{x.ID, i18n.S(ctx, x.Why)})
	}
	return out, nil
}
