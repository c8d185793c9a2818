"""What each stage reads, decided before anything is paid: images, or stored views at a cut."""
