/** Answers that are too large to be held: announced by the services, and written by the client ports part by part. */
@NullMarked
package io.jangada.server.answer;

import org.jspecify.annotations.NullMarked;
