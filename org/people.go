package org

import (
	"embed"
	"io/fs"

	"lotrinh/platform/i18n"
	"lotrinh/platform/module"
)

// What is said of people stands apart from what is said of units: people/messages.
//
//go:embed people
var peopleFiles embed.FS

var _ = i18n.Add(sub(peopleFiles, "people"))

func sub(f fs.FS, dir string) fs.FS {
	s, err := fs.Sub(f, dir)
	if err != nil {
		panic(err) // the name stands in the program
	}
	return s
}

// peopleActions is what one may be allowed to do with people, lecturers, teams,
// the calendar and the rules.
var peopleActions = []module.Action{
	{Name: PersonRead, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager,
		module.Head, module.Compiler, module.Supervisor}},
	{Name: PersonEdit, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer}},
	{Name: PersonMerge, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer}},
	{Name: LecturerRead, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager,
		module.Lecturer, module.Head, module.Compiler, module.Supervisor}},
	{Name: LecturerEdit, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer}},
	{Name: TeamRead, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.ClassManager,
		module.Head, module.Compiler, module.Supervisor}},
	{Name: TeamEdit, Roles: []module.Role{module.Admin, module.Office, module.TrainingOfficer, module.Head}},
	{Name: CalendarEdit, Roles: []module.Role{module.Admin, module.Office}},
	{Name: RuleEdit, Roles: []module.Role{module.Admin, module.Office}},
}
