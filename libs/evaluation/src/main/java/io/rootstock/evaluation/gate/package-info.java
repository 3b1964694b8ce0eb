/** Gates: rules that a version must pass before an alias points to it. */
package io.rootstock.evaluation.gate;
