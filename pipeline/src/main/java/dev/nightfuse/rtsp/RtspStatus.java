package dev.nightfuse.rtsp;

/** Status codes this server sends, with the reason phrases of RFC 2326 section 7.1.1. */
enum RtspStatus {
  OK(200, "OK"),
  BAD_REQUEST(400, "Bad Request"),
  UNAUTHORIZED(401, "Unauthorized"),
  FORBIDDEN(403, "Forbidden"),
  NOT_FOUND(404, "Not Found"),
  METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
  NOT_ACCEPTABLE(406, "Not Acceptable"),
  REQUEST_TIME_OUT(408, "Request Time-out"),
  REQUEST_ENTITY_TOO_LARGE(413, "Request Entity Too Large"),
  REQUEST_URI_TOO_LARGE(414, "Request-URI Too Large"),
  /** Without TLS where it is needed: HTTP's (RFC 2817 section 4.2), RTSP has none. */
  UPGRADE_REQUIRED(426, "Upgrade Required"),
  PARAMETER_NOT_UNDERSTOOD(451, "Parameter Not Understood"),
  NOT_ENOUGH_BANDWIDTH(453, "Not Enough Bandwidth"),
  SESSION_NOT_FOUND(454, "Session Not Found"),
  METHOD_NOT_VALID_IN_THIS_STATE(455, "Method Not Valid in This State"),
  AGGREGATE_OPERATION_NOT_ALLOWED(459, "Aggregate operation not allowed"),
  UNSUPPORTED_TRANSPORT(461, "Unsupported transport"),
  INTERNAL_SERVER_ERROR(500, "Internal Server Error"),
  NOT_IMPLEMENTED(501, "Not Implemented"),
  SERVICE_UNAVAILABLE(503, "Service Unavailable"),
  VERSION_NOT_SUPPORTED(505, "RTSP Version not supported"),
  OPTION_NOT_SUPPORTED(551, "Option not supported");

  final int code;
  final String reason;

  RtspStatus(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }
}
