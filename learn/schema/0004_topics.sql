-- +goose Up
create index learn_course_topic on learn_course (topic_id);
