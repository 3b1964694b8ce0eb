/** Runs as Jobs on a Kubernetes cluster whose pods, services and nodes fail. */
package io.rootstock.bench.cluster.jobs;
