/** Suites: task files, CORE tasks and the row files that they read, from a folder or built in. */
package io.rootstock.evaluation.task.suite;
