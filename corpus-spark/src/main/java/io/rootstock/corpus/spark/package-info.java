/**
 * The data stage on Apache Spark: an engine that schedules tasks on executors and moves opaque byte arrays in its shuffle, and
 * the process that runs a recipe on it. The only package of the project that uses Spark, and only its RDDs. Text never enters
 * Spark: tasks read and write files of a workspace that all executors see.
 */
package io.rootstock.corpus.spark;
