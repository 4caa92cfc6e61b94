package dev.nightfuse.dashboard;

/** The dashboard cannot start; the message names the address and the reason. */
public final class DashboardException extends Exception {

  private static final long serialVersionUID = 1L;

  DashboardException(String message, Throwable cause) {
    super(message, cause);
  }
}
