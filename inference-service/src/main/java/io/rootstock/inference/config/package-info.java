/** The settings of the inference service. Only settings live here; each has its default and its meaning beside it. */
package io.rootstock.inference.config;
