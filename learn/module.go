// Package learn runs the training: topics, courses and lessons, who learns what,
// completion, certificates, evaluation.
package learn
