/** Settings and beans of the trainer service. */
package io.rootstock.trainer.config;
