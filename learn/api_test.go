package learn

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"lotrinh/access"
	"lotrinh/learn/quiz"
	"lotrinh/platform/clock"
	"lotrinh/platform/module"
)

// call asks the API as whoever ctx is, and reads the answer.
func call(t *testing.T, ctx context.Context, site http.Handler, method, path, body string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body)).WithContext(ctx)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	out := map[string]any{}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s %s: %v in %.200s", method, path, err, w.Body)
		}
	}
	return w.Code, out
}

// TestAPI calls every operation as a stranger, as somebody with all roles in the
// neighbouring district, and as the one whom it is for.
func TestAPI(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		w := newWorld(t, ctx, h)
		mux := http.NewServeMux()
		api := humago.New(mux, huma.DefaultConfig("test", "1"))
		h.learn.api(api)
		var grants, others []access.Grant
		for _, r := range module.Roles {
			grants, others = append(grants, access.Grant{Role: r, Unit: h.province}), append(others, access.Grant{Role: r, Unit: h.neighbour})
		}
		officer := access.As(ctx, access.Actor{Account: "officer", Person: "officer", Grants: grants}, h.orgs.Covers)
		neighbour := access.As(ctx, access.Actor{Account: "neighbour", Person: h.hire(t, ctx, h.neighbour, "Lê Láng Giềng")[0], Grants: others}, h.orgs.Covers)
		learner := h.as(ctx, w.person, "", "")
		fresh := h.hire(t, ctx, h.commune, "Trần Thị Mới")[0]
		aid, err := h.learn.Quiz().OpenAttempt(learner, w.test)
		ok(t, err)
		attempt := "/api/learn/attempts/" + string(aid)
		cases := []struct {
			op, method, path, body string
			who                    context.Context
			neighbour              int    // what he gets
			field                  string // of the answer, and
			want                   any    // what it is
		}{
			{"courses", "GET", "/api/learn/courses?q=huyen", "", officer, 200, "total", 1.0},
			{"course", "GET", "/api/learn/courses/" + string(w.course), "", learner, 404, "state", "completed"},
			{"enrol", "POST", "/api/learn/courses/" + string(w.course) + "/enrolments", `{"people":["` + string(fresh) + `"]}`, officer, 403, "count", 1.0},
			{"enrolments", "GET", "/api/learn/courses/" + string(w.course) + "/enrolments", "", officer, 200, "total", 2.0},
			{"attempt-open", "POST", "/api/learn/tests/" + string(w.test) + "/attempts", "", learner, 404, "id", string(aid)},
			{"attempt-save", "PUT", attempt + "/answers", `{"questions":["1"],"fields":{"q1":["1"]}}`, learner, 404, "saved_at", clock.Now(ctx).Format("2006-01-02T15:04:05-07:00")},
			{"attempt-submit", "POST", attempt + "/submission", `{"questions":["2"],"fields":{"q2":["1"]}}`, learner, 404, "id", string(aid)},
			{"certificate-check", "GET", "/api/learn/certificates/" + w.serial, "", ctx, 200, "serial", w.serial},
		}
		seen := map[string]bool{}
		for _, c := range cases {
			seen[c.op] = true
			if code, _ := call(t, ctx, mux, c.method, c.path, c.body); code != http.StatusUnauthorized && c.op != "certificate-check" {
				t.Errorf("%s: a stranger gets %d", c.op, code)
			}
			code, out := call(t, neighbour, mux, c.method, c.path, c.body)
			if total, listed := out["total"]; code != c.neighbour || listed && total != 0.0 {
				t.Errorf("%s: a neighbour gets %d %v", c.op, code, out)
			}
			if code, out := call(t, c.who, mux, c.method, c.path, c.body); code != http.StatusOK || out[c.field] != c.want {
				t.Errorf("%s: %d, %s is %v, want %v", c.op, code, c.field, out[c.field], c.want)
			}
		}
		for path, item := range api.OpenAPI().Paths {
			for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete, item.Patch} {
				if o != nil && (!seen[o.OperationID] || o.Summary == "" || len(o.Tags) == 0) {
					t.Errorf("%s %s is not tested or not described", o.Method, path)
				}
			}
		}
		if res, err := h.learn.Quiz().Result(learner, quiz.AttemptID(aid)); err != nil || res.Attempt.Score != 2000 {
			t.Errorf("what was saved and handed in earns %d (%v)", res.Attempt.Score, err)
		}
		if code, out := call(t, officer, mux, "POST", "/api/learn/courses/"+string(w.course)+"/enrolments", `{"people":[]}`); code != 422 || out["errors"] == nil {
			t.Errorf("nobody is enrolled: %d %v", code, out)
		}
	})
}
