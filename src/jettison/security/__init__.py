"""What an image still carries: advisories, matching, VEX, SBOM, and what observation allows to harden."""
