"""Video as pictures: frames with their times, the shots they belong to, and faces followed through a shot."""
