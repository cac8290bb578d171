"""The app's addresses: papers, without an account, pupils, results, the facilitator's room."""
