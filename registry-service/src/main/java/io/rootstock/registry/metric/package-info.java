/** Metrics of jobs as series of points: stored with the events that report them, and read downsampled or as a stream. */
package io.rootstock.registry.metric;
