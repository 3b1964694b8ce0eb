/**
 * One HTTP request and its response: JSON fields by name, errors, server-sent events. Never blocks an event loop.
 */
package io.rootstock.inference.http;
