package app

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"lotrinh/platform/web"
)

// measured puts /healthz, /readyz and /metrics before next, and counts, times and
// logs what next answers.
//
// /healthz says that the process lives and the database answers; /readyz that the
// tables are up to date too. /metrics is for the operator's own network: it
// answers the machine itself and private addresses alone.
func (h *House) measured(next http.Handler) http.Handler {
	reg := prometheus.NewRegistry()
	took := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "lotrinh_http_seconds", Help: "Time to answer a request, by route and status class.",
		Buckets: []float64{.001, .005, .01, .05, .1, .5, 1, 5},
	}, []string{"route", "status"})
	reg.MustRegister(took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewDBStatsCollector(h.DB.SQL(), h.DB.Engine()), jobDepth{h})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { h.health(w, r, false) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { h.health(w, r, true) })
	mux.Handle("GET /metrics", nearby(promhttp.HandlerFor(reg, promhttp.HandlerOpts{})))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &status{ResponseWriter: w, code: http.StatusOK}
		r, route := web.Noting(r)
		next.ServeHTTP(rec, r)
		d := time.Since(start)
		took.WithLabelValues(*route, strconv.Itoa(rec.code/100)+"xx").Observe(d.Seconds())
		slog.DebugContext(r.Context(), "request", "method", r.Method, "route", *route, "status", rec.code, "took", d)
	})
	return mux
}

func (h *House) health(w http.ResponseWriter, r *http.Request, tables bool) {
	if err := h.DB.SQL().PingContext(r.Context()); err != nil {
		http.Error(w, "database: no answer", http.StatusServiceUnavailable)
		return
	}
	for _, s := range h.Schemas() {
		if !tables {
			break
		}
		if n, err := h.DB.Pending(r.Context(), s.Module, s.FS); err != nil || n > 0 {
			http.Error(w, "tables of "+s.Module+": not up to date", http.StatusServiceUnavailable)
			return
		}
	}
	w.Write([]byte("ok\n"))
}

// nearby answers private addresses and the machine itself.
func nearby(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a := web.Addr(r); !a.IsLoopback() && !a.IsPrivate() {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// jobDepth tells how many jobs wait and how many were given up.
type jobDepth struct{ h *House }

var (
	waitingDesc = prometheus.NewDesc("lotrinh_jobs_waiting", "Jobs that wait.", nil, nil)
	deadDesc    = prometheus.NewDesc("lotrinh_jobs_dead", "Jobs that were given up.", nil, nil)
)

func (jobDepth) Describe(ch chan<- *prometheus.Desc) { ch <- waitingDesc; ch <- deadDesc }

func (j jobDepth) Collect(ch chan<- prometheus.Metric) {
	waiting, dead, err := j.h.Jobs.Depth(context.Background())
	if err != nil {
		ch <- prometheus.NewInvalidMetric(waitingDesc, err)
		return
	}
	ch <- prometheus.MustNewConstMetric(waitingDesc, prometheus.GaugeValue, float64(waiting))
	ch <- prometheus.MustNewConstMetric(deadDesc, prometheus.GaugeValue, float64(dead))
}
