/**
 * Terminal output: tables, number formats, progress, plans, trees and charts. No calls to services.
 */
package io.rootstock.cli.display;
