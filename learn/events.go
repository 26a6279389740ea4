package learn

import (
	"lotrinh/org"
	"lotrinh/platform/clock"
)

// CoursePublished says that a course is taught from now on.
type CoursePublished struct {
	Course CourseID   `json:"course"`
	Unit   org.UnitID `json:"unit"`
	Title  string     `json:"title"`
}

// EventName implements event.Event.
func (CoursePublished) EventName() string { return "learn.course.published" }

// Enrolled says that people were entered into a course.
type Enrolled struct {
	Course CourseID       `json:"course"`
	Title  string         `json:"title"`
	People []org.PersonID `json:"people"`
}

// EventName implements event.Event.
func (Enrolled) EventName() string { return "learn.enrolled" }

func enrolled(c Course, rows []Enrolment) Enrolled {
	e := Enrolled{Course: c.ID, Title: c.Title}
	for _, r := range rows {
		e.People = append(e.People, r.Person)
	}
	return e
}

// CourseCompleted says that someone met the rule of a course.
type CourseCompleted struct {
	Enrolment EnrolmentID  `json:"enrolment"`
	Course    CourseID     `json:"course"`
	Person    org.PersonID `json:"person"`
	Unit      org.UnitID   `json:"unit"`
	On        clock.Date   `json:"on"`
}

// EventName implements event.Event.
func (CourseCompleted) EventName() string { return "learn.course.completed" }

// CertificateIssued says that a certificate was entered in a register book.
type CertificateIssued struct {
	Serial string       `json:"serial"`
	Course CourseID     `json:"course"`
	Person org.PersonID `json:"person"`
	Unit   org.UnitID   `json:"unit"`
}

// EventName implements event.Event.
func (CertificateIssued) EventName() string { return "learn.certificate.issued" }

// CertificateRevoked says that a certificate holds no more.
type CertificateRevoked struct {
	Serial string       `json:"serial"`
	Person org.PersonID `json:"person"`
	Reason string       `json:"reason"`
}

// EventName implements event.Event.
func (CertificateRevoked) EventName() string { return "learn.certificate.revoked" }

// TaskSubmitted says that someone handed in what he did at his workplace, for his
// superior to confirm.
type TaskSubmitted struct {
	Task   string       `json:"task"`
	Person org.PersonID `json:"person"`
	Unit   org.UnitID   `json:"unit"`
	Title  string       `json:"title"`
}

// EventName implements event.Event.
func (TaskSubmitted) EventName() string { return "learn.task.submitted" }

// TaskDecided says what the superior said to it.
type TaskDecided struct {
	Task      string       `json:"task"`
	Person    org.PersonID `json:"person"`
	Confirmed bool         `json:"confirmed"`
	Remark    string       `json:"remark"`
}

// EventName implements event.Event.
func (TaskDecided) EventName() string { return "learn.task.decided" }
