/**
 * The private inference service: a child process on loopback that serves one version, is restarted after a crash, and
 * ends with the evaluator.
 */
package io.rootstock.evaluator.engine;
