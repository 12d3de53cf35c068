"""Letters and other papers that people read: templates merged safely and set as PDF. The caller passes the facts."""
