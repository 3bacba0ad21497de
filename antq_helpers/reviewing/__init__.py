"""What a reviewer needs: what changed, where a number comes from, and what was checked."""
