/** Settings of the inference service, with their defaults and descriptions. Contains nothing but settings. */
package io.rootstock.inference.config;
