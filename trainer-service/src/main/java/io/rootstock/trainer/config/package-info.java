/** The trainer's settings and the wiring of its parts into a service. */
package io.rootstock.trainer.config;
