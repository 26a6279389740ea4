package app

import (
	"context"
	"net/http"
	"time"

	"lotrinh/access"
	"lotrinh/platform/clock"
	"lotrinh/platform/db"
	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
	"lotrinh/platform/ui"
	"lotrinh/platform/web"
)

// backupMade stands in the log only: somebody wrote a backup.
const backupMade module.ActionName = "app.backup.make"

// backupOld is after how long without a backup the administrator is warned.
const backupOld = 26 * time.Hour

// NoteBackup writes into the log that a backup was written just now. It needs no
// right: who can write one has the machine.
func (h *House) NoteBackup(ctx context.Context) error {
	return access.Audit(access.System(ctx), h.DB, access.Entry{Action: backupMade, Subject: "backup"})
}

// lastBackup is when the latest backup was written; zero = never.
func (h *House) lastBackup(ctx context.Context) (time.Time, error) {
	return db.One[time.Time](ctx, h.DB, `select max(at) from access_audit where subject = 'backup' and action = $1`, backupMade)
}

// upkeep is what the administrator of the house sees first.
type upkeep struct {
	Accounts      []accountCount
	Waiting, Dead int
	Jobs          bool // he may open the page of jobs
	Backup        time.Time
	BackupOld     bool
}

type accountCount struct {
	State string `db:"state"`
	N     int64  `db:"n"`
}

// adminCard shows accounts, jobs and the last backup.
func (h *House) adminCard(ctx context.Context) (web.Component, error) {
	u := upkeep{Jobs: h.checkJobsRight(ctx) == nil}
	var err error
	if u.Waiting, u.Dead, err = h.Jobs.Depth(ctx); err != nil {
		return nil, err
	}
	if u.Accounts, err = db.All[accountCount](ctx, h.DB, `select state, count(*) as n from access_account group by state order by state`); err != nil {
		return nil, err
	}
	u.Backup, err = h.lastBackup(ctx)
	u.BackupOld = clock.Now(ctx).Sub(u.Backup) > backupOld
	return upkeepBody(u), err
}

func (u upkeep) terms(ctx context.Context) []ui.Term {
	terms := []ui.Term{{Text: i18n.T("app.upkeep.backup"), Body: backupState(u)}, {Text: i18n.T("app.upkeep.jobs"), Body: jobsState(u)}}
	for _, a := range u.Accounts {
		terms = append(terms, ui.Term{Text: i18n.T("app.upkeep.accounts." + a.State), Data: i18n.Number(ctx, a.N)})
	}
	return terms
}

// showDoctor looks the whole house over, as the command doctor does.
func (h *House) showDoctor(w http.ResponseWriter, r *http.Request) error {
	if err := h.checkJobsRight(r.Context()); err != nil {
		return err
	}
	return ui.Show(w, r, http.StatusOK, ui.Page{Title: i18n.T("app.doctor"), Lead: i18n.T("app.doctor.lead"), Body: doctorPage(h.Doctor(r.Context()))})
}

// sick counts the findings that are not sound.
func sick(all []Finding) (n int) {
	for _, f := range all {
		if !f.Sound {
			n++
		}
	}
	return n
}
