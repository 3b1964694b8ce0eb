/** Entry point of the inference service, and a feature of its native executable. */
package io.rootstock.inference;
